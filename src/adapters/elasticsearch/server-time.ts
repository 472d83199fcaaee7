import type { Client, estypes } from '@elastic/elasticsearch';
import { aliasOf } from './generation-index.js';

/**
 * The time by the clock of a server that holds the generation, in milliseconds. Elasticsearch stamps no documents without an ingest pipeline; what it takes
 * `now` for shows in the bounds of an aggregation.
 */
export async function serverTime(client: Client, generation: string): Promise<number> {
  const { aggregations } = await client.search({
    index: aliasOf(generation),
    size: 0,
    track_total_hits: false,
    allow_partial_search_results: false,
    request_cache: false,
    aggs: { now: { date_range: { field: 't', ranges: [{ from: 'now' }] } } },
  });
  const now = aggregations?.now as estypes.AggregationsDateRangeAggregate | undefined;
  const from = Array.isArray(now?.buckets) ? now.buckets[0]?.from : undefined;
  if (from === undefined) throw new Error('Elasticsearch does not say what time it is');
  return Number(from);
}
