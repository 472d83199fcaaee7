import type { estypes } from '@elastic/elasticsearch';
import { RecordStoreError } from '../../../ports/record-store.js';
import { type Failure, storeError } from '../store-error.js';

/**
 * What became of one item of a bulk. STORED; STALE: what is stored is as new or newer, which is as good; RETRY: the index could not take it now; GONE: there
 * is no such generation; REJECTED: it will never take it.
 */
export type Verdict =
  | { readonly kind: 'STORED' | 'STALE' }
  | { readonly kind: 'RETRY' | 'GONE' | 'REJECTED'; readonly error: RecordStoreError };

const STORED: Verdict = { kind: 'STORED' };
const STALE: Verdict = { kind: 'STALE' };

/** What Elasticsearch says of a row, and never of an index or a cluster. */
const OF_THE_ROW: ReadonlySet<string> = new Set([
  'document_parsing_exception',
  'mapper_parsing_exception',
  'strict_dynamic_mapping_exception',
]);
/** So is this, among much else of the same type. */
const IMMENSE_TERM = /immense term/;

/** The verdicts of a bulk's reply, in the order of its items. Throws when the reply does not have as many. */
export function verdictsOf({ items }: Pick<estypes.BulkResponse, 'items'>, expected: number): Verdict[] {
  if (items.length !== expected) {
    throw new Error(`Elasticsearch answered ${items.length} items of a bulk of ${expected}`);
  }
  return items.map(({ index, delete: deleted }) => verdictOf(index ?? deleted));
}

function verdictOf(item: estypes.BulkResponseItem | undefined): Verdict {
  const status = item?.status ?? 500;
  // A delete of what is not there is answered with 404 and no error.
  if (!item?.error) return status < 300 || (status === 404 && item?.result === 'not_found') ? STORED : noResult(status);
  const { type, reason } = item.error;
  if (type === 'version_conflict_engine_exception') return STALE;
  return verdictOn({ status, type, reason: reason ?? type });
}

/** Only what is known to be a row's own fault is: whatever else there is, even if unknown, is waited for and shown, and no record is lost to it. */
function verdictOn(failure: Failure): Verdict {
  const error = storeError(failure);
  if (error.code === 'GENERATION_MISSING') return { kind: 'GONE', error };
  if (error.retriable) return { kind: 'RETRY', error };
  if (OF_THE_ROW.has(failure.type) || IMMENSE_TERM.test(failure.reason)) return { kind: 'REJECTED', error };
  return { kind: 'RETRY', error: new RecordStoreError('BLOCKED', error.message) };
}

function noResult(status: number): Verdict {
  const error = new RecordStoreError('UNAVAILABLE', `Elasticsearch: an item of a bulk has no result (HTTP ${status})`);
  return { kind: 'RETRY', error };
}
