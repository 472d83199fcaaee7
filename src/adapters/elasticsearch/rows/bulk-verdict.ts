import type { estypes } from '@elastic/elasticsearch';
import { RecordStoreError } from '../../../ports/record-store.js';
import { type Failure, storeError } from '../store-error.js';

/**
 * The result of one item of a bulk. STORED; STALE: the stored row is as new or newer, which is just as good; RETRY: the index cannot store it now; GONE: the
 * generation does not exist; REJECTED: the index will never store it.
 */
export type Verdict =
  | { readonly kind: 'STORED' | 'STALE' }
  | { readonly kind: 'RETRY' | 'GONE' | 'REJECTED'; readonly error: RecordStoreError };

const STORED: Verdict = { kind: 'STORED' };
const STALE: Verdict = { kind: 'STALE' };

/** Error types that Elasticsearch uses only for a row, and never for an index or a cluster. */
const OF_THE_ROW: ReadonlySet<string> = new Set([
  'document_parsing_exception',
  'mapper_parsing_exception',
  'strict_dynamic_mapping_exception',
]);
/** This reason is about a row too, but its error type also has other causes. */
const IMMENSE_TERM = /^Document contains at least one immense term in field/;

/** The results of a stored row or a delete. */
const DONE: ReadonlySet<string | undefined> = new Set(['created', 'updated', 'deleted', 'not_found']);

/** The verdicts of a bulk response, in the order of its items, which were sent to this index. Throws if the response has another number of items. */
export function verdictsOf({ items }: Pick<estypes.BulkResponse, 'items'>, expected: number, index: string): Verdict[] {
  if (items.length !== expected) {
    throw new Error(`a bulk of ${expected} items got ${items.length} results`);
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
  // An error of another index says nothing about the row.
  return verdict.kind === 'REJECTED' && item._index !== index ? elsewhere(index, item._index) : verdict;
}

/** REJECTED only for an error that is known to be the row's own fault. After every other error, even an unknown one, the job waits and shows it, so that no record is lost. */
function verdictOn(failure: Failure): Verdict {
  const error = storeError(failure);
  if (error.code === 'GENERATION_MISSING') return { kind: 'GONE', error };
  if (error.retriable) return { kind: 'RETRY', error };
  if (OF_THE_ROW.has(failure.type) || IMMENSE_TERM.test(failure.reason)) return { kind: 'REJECTED', error };
  return { kind: 'RETRY', error: new RecordStoreError('BLOCKED', error.message) };
}

/** A pipeline that drops a row gives `noop`. */
function notDone(status: number, result: string | undefined): Verdict {
  const message = `Elasticsearch: an item of a bulk has ${result === undefined ? 'no result' : `the result ${result}`} (HTTP ${status})`;
  const error = new RecordStoreError(result === undefined ? 'UNAVAILABLE' : 'BLOCKED', message);
  return { kind: 'RETRY', error };
}

function elsewhere(index: string, actual: string | undefined): Verdict {
  const message = `Elasticsearch: a row went to index ${actual} instead of ${index}; an alias or a pipeline redirected it`;
  return { kind: 'RETRY', error: new RecordStoreError('BLOCKED', message) };
}
