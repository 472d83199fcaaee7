import type { Client, estypes } from '@elastic/elasticsearch';
import type { Tombstone } from '../../../ports/record-store.js';
import { aliasOf } from '../generation-index.js';
import { verdictsOf } from './bulk-verdict.js';

const TOMBSTONES_AT_ONCE = 5_000;

/**
 * Removes tombstones written more than `olderThanMs` ago, by the server's clock. Each is deleted at its own version, so that a row written over it in the
 * meantime stays.
 */
export async function sweepTombstones(client: Client, generation: string, olderThanMs: number): Promise<number> {
  const seconds = Math.ceil(olderThanMs / 1_000);
  const before = seconds >= 0 ? `now-${seconds}s` : `now+${-seconds}s`;
  let swept = 0;
  let after: string | undefined;
  for (;;) {
    const hits = await tombstones(client, generation, [{ range: { t: { lt: before } } }], after, TOMBSTONES_AT_ONCE);
    if (hits.length === 0) break;
    swept += await deleteAll(client, generation, hits);
    after = idOf(hits.at(-1));
  }
  // What is gone must not be found by the next sweep.
  if (swept > 0) await client.indices.refresh({ index: aliasOf(generation) });
  return swept;
}

/** The next tombstones behind a row's id, in the order of ids. */
export async function scanTombstones(
  client: Client,
  generation: string,
  after: string,
  limit: number,
): Promise<Tombstone[]> {
  const hits = await tombstones(client, generation, [], after, limit);
  return hits.map((hit) => ({ id: idOf(hit), version: hit._version ?? 0, deleted: true }));
}

async function tombstones(
  client: Client,
  generation: string,
  conditions: readonly estypes.QueryDslQueryContainer[],
  after: string | undefined,
  size: number,
): Promise<estypes.SearchHit[]> {
  const { hits } = await client.search({
    index: aliasOf(generation),
    query: { bool: { filter: [{ term: { d: true } }, ...conditions] } },
    sort: [{ i: 'asc' }],
    ...(after !== undefined && { search_after: [after] }),
    size,
    version: true,
    _source: false,
    track_total_hits: false,
    allow_partial_search_results: false,
  });
  return hits.hits;
}

function idOf(hit: estypes.SearchHit | undefined): string {
  return String(hit?.sort?.[0]);
}

async function deleteAll(client: Client, generation: string, hits: readonly estypes.SearchHit[]): Promise<number> {
  const answer = await client.bulk({
    index: aliasOf(generation),
    require_alias: true,
    operations: hits.map(({ _id, _version: version }) => ({
      delete: { _id, version, version_type: 'external_gte' as const },
    })),
  });
  // Elasticsearch minds `require_alias` for writes alone: deletes that come after the index was dropped make one under the alias's name.
  const isMadeAgain = answer.items.some(({ delete: item }) => item?._index === aliasOf(generation));
  if (isMadeAgain) await client.indices.delete({ index: aliasOf(generation), ignore_unavailable: true });
  const verdicts = verdictsOf(answer, hits.length);
  for (const verdict of verdicts) if ('error' in verdict) throw verdict.error;
  return verdicts.filter(({ kind }) => kind === 'STORED').length;
}
