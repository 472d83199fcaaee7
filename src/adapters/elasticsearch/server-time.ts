import type { estypes } from '@elastic/elasticsearch';
import type { OpenIndex } from './open-indices.js';
import { searchIndex } from './rows/search-index.js';

/**
 * The time by the clock of a server that holds the index, in milliseconds. Elasticsearch stamps no documents without an ingest pipeline; what it takes
 * `now` for shows in the bounds of an aggregation.
 */
export async function serverTime(index: OpenIndex): Promise<number> {
  const { aggregations } = await searchIndex(index, {
    size: 0,
    // Documents would be gone through while none of them has the field.
    query: { match_none: {} },
    request_cache: false,
    aggs: { now: { date_range: { field: 't', ranges: [{ from: 'now' }] } } },
  });
  const now = aggregations?.now as estypes.AggregationsDateRangeAggregate | undefined;
  const from = Array.isArray(now?.buckets) ? now.buckets[0]?.from : undefined;
  if (from === undefined) throw new Error('Elasticsearch does not say what time it is');
  return Number(from);
}
