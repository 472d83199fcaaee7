import type { estypes } from '@elastic/elasticsearch';
import type { OpenIndex } from '../open-indices.js';
import { searchIndex } from './search-index.js';

/** The fields that hold ids: `i` those of rows, `d` those of tombstones. */
type IdField = 'i' | 'd';

/** The documents whose ids come next. */
export interface NextIds {
  /** Matches them. */
  readonly query: estypes.QueryDslQueryContainer;
  /** The last of their ids; null when there are fewer than were asked for. Then the query has no upper bound. */
  readonly last: string | null;
}

/**
 * Finds the next `count` ids after an id, in the order of ids. A composite aggregation takes them from the field's terms, which Elasticsearch keeps in order, and ends with the last
 * of them. A search that is sorted by id would read every document after the id for a page of a few.
 */
export async function nextIds(index: OpenIndex, field: IdField, after: string, count: number): Promise<NextIds> {
  const sources = [{ id: { terms: { field } } }];
  const { aggregations } = await searchIndex(index, {
    size: 0,
    request_cache: false,
    aggs: { ids: { composite: { size: count, sources, after: { id: after } } } },
  });
  const { buckets = [], after_key: end } = (aggregations?.ids ?? {}) as Partial<estypes.AggregationsCompositeAggregate>;
  const isFull = Object.keys(buckets).length === count;
  const last = isFull && end ? String(end.id) : null;
  return { query: { range: { [field]: { gt: after, ...(last !== null && { lte: last }) } } }, last };
}
