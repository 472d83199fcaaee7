import type { estypes } from '@elastic/elasticsearch';
import type { OpenIndex } from './open-indices.js';
import { searchIndex } from './rows/search-index.js';

/**
 * Returns the time of a server that holds the index, in milliseconds. Without an ingest pipeline, Elasticsearch puts no time into documents; but the bounds of an
 * aggregation show its value of `now`.
 */
export async function serverTime(index: OpenIndex): Promise<number> {
  const { aggregations } = await searchIndex(index, {
    size: 0,
    // Otherwise all documents would be read, as long as none of them has the field.
    query: { match_none: {} },
    request_cache: false,
    aggs: { now: { date_range: { field: 't', ranges: [{ from: 'now' }] } } },
  });
  const now = aggregations?.now as estypes.AggregationsDateRangeAggregate | undefined;
  const from = Array.isArray(now?.buckets) ? now.buckets[0]?.from : undefined;
  if (from === undefined) throw new Error('Elasticsearch did not return its time');
  return Number(from);
}
