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
const IMMENSE_TERM = /^Document contains at least one immense term in field/;

/** How a row is stored, or a delete done. */
const DONE: ReadonlySet<string | undefined> = new Set(['created', 'updated', 'deleted', 'not_found']);

/** The verdicts of a bulk's reply, in the order of its items, which went to this index. Throws when the reply does not have as many. */
export function verdictsOf({ items }: Pick<estypes.BulkResponse, 'items'>, expected: number, index: string): Verdict[] {
  if (items.length !== expected) {
    throw new Error(`Elasticsearch answered ${items.length} items of a bulk of ${expected}`);
  }
  return items.map(({ index: written, delete: deleted }) => verdictOf(written ?? deleted, index));
}

function verdictOf(item: estypes.BulkResponseItem | undefined, index: string): Verdict {
  const status = item?.status ?? 500;
  if (!item?.error) {
    if (!DONE.has(item?.result)) return notDone(status, item?.result);
    return item?._index === index ? STORED : elsewhere(index, item?._index);
  }
  const { type, reason } = item.error;
  if (type === 'version_conflict_engine_exception') return STALE;
  const verdict = verdictOn({ status, type, reason: reason ?? type });
  // What another index has against a row says nothing of the row.
  return verdict.kind === 'REJECTED' && item._index !== index ? elsewhere(index, item._index) : verdict;
}

/** Only what is known to be a row's own fault is: whatever else there is, even if unknown, is waited for and shown, and no record is lost to it. */
function verdictOn(failure: Failure): Verdict {
  const error = storeError(failure);
  if (error.code === 'GENERATION_MISSING') return { kind: 'GONE', error };
  if (error.retriable) return { kind: 'RETRY', error };
  if (OF_THE_ROW.has(failure.type) || IMMENSE_TERM.test(failure.reason)) return { kind: 'REJECTED', error };
  return { kind: 'RETRY', error: new RecordStoreError('BLOCKED', error.message) };
}

/** `noop` is what a pipeline leaves that drops a row. */
function notDone(status: number, result: string | undefined): Verdict {
  const message = `Elasticsearch: an item of a bulk has ${result === undefined ? 'no result' : `the result ${result}`} (HTTP ${status})`;
  const error = new RecordStoreError(result === undefined ? 'UNAVAILABLE' : 'BLOCKED', message);
  return { kind: 'RETRY', error };
}

function elsewhere(index: string, actual: string | undefined): Verdict {
  const message = `Elasticsearch: a row went to index ${actual} instead of ${index}; an alias or a pipeline has led it there`;
  return { kind: 'RETRY', error: new RecordStoreError('BLOCKED', message) };
}
