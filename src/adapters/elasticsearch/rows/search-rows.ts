import type { estypes } from '@elastic/elasticsearch';
import type { OpenIndex } from '../open-indices.js';
import type { RowHit, RowSource } from './row-source.js';
import { searchIndex } from './search-index.js';
import { PARTS_FIELD } from './text-forms.js';

export interface RowSearch {
  readonly query: estypes.QueryDslQueryContainer;
  readonly sort: estypes.Sort;
  /** In the order of ids: the id of the row after which to start. */
  readonly after?: string;
  /** How many rows to read at most, and how many bytes they may have together, unless it is a single row. */
  readonly limit: number;
  readonly maxBytes: number;
  readonly read: Read;
}

export interface FoundRows<TSource = RowSource> {
  readonly hits: readonly RowHit<TSource>[];
  /** Whether more rows match after them. */
  readonly more: boolean;
}

/** Which part of each row to read: everything but what only filters need, with or without its source record, or these fields. */
export type Read = 'VALUES' | 'VALUES_AND_SOURCE' | readonly string[];

/** Names are faster than patterns: for those, Elasticsearch would parse each row and write it again. */
export function sourceOf({ forFilters }: OpenIndex, read: Read): estypes.SearchSourceConfig {
  if (typeof read !== 'string') return { includes: [...read] };
  return { excludes: [...forFilters, PARTS_FIELD, ...(read === 'VALUES' ? ['j'] : [])] };
}

/** Reads the first rows of a search, as many as are requested and fit, so that no response is much larger than requested. Hidden records are read like rows. */
export async function searchRows<TSource = RowSource>(
  index: OpenIndex,
  search: RowSearch,
  largestBytes?: number,
): Promise<FoundRows<TSource>> {
  const { limit, maxBytes } = search;
  const largest = largestBytes ?? (await largestRow(index));
  if (largest * limit <= maxBytes) {
    const hits = await request<TSource>(index, search, { size: limit + 1, _source: sourceOf(index, search.read) });
    return { hits: hits.slice(0, limit).map(toRowHit), more: hits.length > limit };
  }
  const sizes = await request<TSource>(index, search, { size: limit + 1, _source: false, docvalue_fields: ['b'] });
  if (sizes.length === 0) return { hits: [], more: false };
  const size = Math.min(limit, howManyFit(sizes, maxBytes));
  const hits = await request<TSource>(index, search, { size, _source: sourceOf(index, search.read) });
  return { hits: hits.map(toRowHit), more: sizes.length > size };
}

/** Finds the bytes of the largest row or hidden record, which {@link largestIn} reads. In a request without a query, Elasticsearch takes it from the end of an index without reading rows. */
export const LARGEST = { largest: { max: { field: 'b' } } } as const;

export function largestIn({ aggregations }: estypes.SearchResponse<unknown>): number {
  return (aggregations?.largest as estypes.AggregationsMaxAggregate | undefined)?.value ?? 0;
}

async function largestRow(index: OpenIndex): Promise<number> {
  return largestIn(await searchIndex(index, { size: 0, request_cache: true, aggs: LARGEST }));
}

async function request<TSource>(
  index: OpenIndex,
  { query, sort, after }: RowSearch,
  what: Pick<estypes.SearchRequest, 'size' | '_source' | 'docvalue_fields'>,
): Promise<estypes.SearchHit<TSource>[]> {
  const { hits } = await searchIndex<TSource>(index, {
    query,
    sort,
    ...(after !== undefined && { search_after: [after] }),
    version: true,
    ...what,
  });
  return hits.hits;
}

/** At least one. */
function howManyFit(hits: readonly estypes.SearchHit<unknown>[], maxBytes: number): number {
  let bytes = 0;
  const tooMany = hits.findIndex(({ fields }, index) => {
    bytes += Number((fields?.b as number[] | undefined)?.[0] ?? 0);
    return index > 0 && bytes > maxBytes;
  });
  return tooMany === -1 ? hits.length : tooMany;
}

export function toRowHit<TSource>({
  _version: version = 0,
  _source: source,
}: estypes.SearchHit<TSource>): RowHit<TSource> {
  if (!source) throw new Error('Elasticsearch returned a row without its source');
  return { version, source };
}
