import type { estypes, TransportRequestOptions } from '@elastic/elasticsearch';
import { IndexChangedError, type OpenIndex } from '../open-indices.js';

/** How long a search may run on the server, whatever the default of the cluster is. */
const SEARCH_TIMEOUT = '30s';

/** Searches all shards of a generation's index, or throws. Throws {@link IndexChangedError} if other indices or shards took part than it has. */
export async function searchIndex<TSource>(
  { client, alias, shards }: OpenIndex,
  request: Omit<estypes.SearchRequest, 'index'>,
  options: Pick<TransportRequestOptions, 'maxResponseSize'> = {},
): Promise<estypes.SearchResponse<TSource>> {
  const complete = {
    index: alias,
    track_total_hits: false,
    allow_partial_search_results: false,
    timeout: SEARCH_TIMEOUT,
    ...request,
  };
  const answer = await client.search<TSource>(complete, options);
  if (answer._shards.total !== shards) throw new IndexChangedError(alias);
  return answer;
}

/** Counts the rows that match, exactly. */
export async function countRows(index: OpenIndex, query: estypes.QueryDslQueryContainer): Promise<number> {
  const { hits } = await searchIndex(index, { query, size: 0, track_total_hits: true });
  return typeof hits.total === 'number' ? hits.total : (hits.total?.value ?? 0);
}
