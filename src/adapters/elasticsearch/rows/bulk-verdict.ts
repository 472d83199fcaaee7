import type { estypes } from '@elastic/elasticsearch';
import { codeOf, type Failure } from '../store-error.js';

/**
 * What became of one item of a bulk. STORED; STALE: what is stored is as new or newer, which is as good; RETRY: the cluster could not take it now; GONE: there
 * is no such generation; REJECTED: it will never take it.
 */
export type Verdict =
  | { readonly kind: 'STORED' | 'STALE' }
  | { readonly kind: 'RETRY' | 'GONE' | 'REJECTED'; readonly failure: Failure };

const STORED: Verdict = { kind: 'STORED' };
const STALE: Verdict = { kind: 'STALE' };

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
  if (!item?.error) return status < 300 || (status === 404 && item?.result === 'not_found') ? STORED : retry(status);
  const { type, reason } = item.error;
  const failure = { status, type, reason: reason ?? type };
  if (type === 'version_conflict_engine_exception') return STALE;
  return { kind: KINDS[codeOf(failure)], failure };
}

const KINDS = { GENERATION_MISSING: 'GONE', UNAVAILABLE: 'RETRY', BLOCKED: 'RETRY', REJECTED: 'REJECTED' } as const;

function retry(status: number): Verdict {
  return { kind: 'RETRY', failure: { status, type: 'no reason given', reason: 'an item of a bulk has no result' } };
}
