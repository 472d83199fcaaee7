import type { estypes } from '@elastic/elasticsearch';
import type { OpenIndex } from '../open-indices.js';
import { noteDocuments } from './few-documents.js';
import { searchIndex } from './search-index.js';
import { LARGEST } from './search-rows.js';

/** The fields that hold ids: `i` for rows, `h` for hidden records, `d` for tombstones. */
type IdField = 'i' | 'h' | 'd';

/** The documents with the next ids. */
export interface NextIds {
  /** A query that matches them. */
  readonly query: estypes.QueryDslQueryContainer;
  /** The last of their ids; null if there are fewer than requested. Then the query has no upper bound. */
  readonly last: string | null;
  /** The bytes of the largest row or hidden record. */
  readonly largest: number;
}

/**
 * Finds the next `count` ids after an id, in order. A composite aggregation reads them from the terms of the field, which Elasticsearch keeps in order, and stops at the
 * last one. A search that is sorted by id would read every document after the id, even for a small page.
 */
export async function nextIds(index: OpenIndex, field: IdField, after: string, count: number): Promise<NextIds> {
  const since = performance.now();
  const sources = [{ id: { terms: { field } } }];
  const response = await searchIndex(index, {
    size: 0,
    request_cache: false,
    track_total_hits: index.documents.maxSmallIndex,
    aggs: { ids: { composite: { size: count, sources, after: { id: after } } }, ...LARGEST },
  });
  const found = (response.aggregations?.ids ?? {}) as Partial<estypes.AggregationsCompositeAggregate>;
  const { buckets = [], after_key: end } = found;
  const isFull = Object.keys(buckets).length === count;
  const last = isFull && end ? String(end.id) : null;
  const query = { range: { [field]: { gt: after, ...(last !== null && { lte: last }) } } };
  return { query, last, largest: noteDocuments(index, response, since) };
}
