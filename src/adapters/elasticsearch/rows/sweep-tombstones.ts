import type { estypes } from '@elastic/elasticsearch';
import type { Tombstone } from '../../../ports/record-store.js';
import { generationOf } from '../generation-index.js';
import type { OpenIndex } from '../open-indices.js';
import { rowsGone } from '../store-error.js';
import { verdictsOf } from './bulk-verdict.js';
import { searchIndex } from './search-index.js';

const TOMBSTONES_AT_ONCE = 5_000;

/**
 * Removes tombstones written more than `olderThanMs` ago, by the server's clock. Each is deleted at its own version, so that a row written over it in the
 * meantime stays.
 */
export async function sweepTombstones(index: OpenIndex, olderThanMs: number): Promise<number> {
  const seconds = Math.ceil(olderThanMs / 1_000);
  const before = seconds >= 0 ? `now-${seconds}s` : `now+${-seconds}s`;
  let swept = 0;
  let after: string | undefined;
  for (;;) {
    const hits = await tombstones(index, [{ range: { t: { lt: before } } }], after, TOMBSTONES_AT_ONCE);
    if (hits.length === 0) break;
    swept += await deleteAll(index, hits);
    after = idOf(hits.at(-1));
  }
  // What is gone must not be found by the next sweep.
  if (swept > 0) await index.client.indices.refresh({ index: index.alias });
  return swept;
}

/** The next tombstones behind a row's id, in the order of ids. */
export async function scanTombstones(index: OpenIndex, after: string, limit: number): Promise<Tombstone[]> {
  const hits = await tombstones(index, [], after, limit);
  return hits.map((hit) => ({ id: idOf(hit), version: hit._version ?? 0, deleted: true }));
}

async function tombstones(
  index: OpenIndex,
  conditions: readonly estypes.QueryDslQueryContainer[],
  after: string | undefined,
  size: number,
): Promise<estypes.SearchHit[]> {
  const { hits } = await searchIndex(index, {
    query: { bool: { filter: [{ term: { d: true } }, ...conditions] } },
    sort: [{ i: 'asc' }],
    ...(after !== undefined && { search_after: [after] }),
    size,
    version: true,
    _source: false,
  });
  return hits.hits;
}

function idOf(hit: estypes.SearchHit | undefined): string {
  return String(hit?.sort?.[0]);
}

async function deleteAll({ client, alias, name }: OpenIndex, hits: readonly estypes.SearchHit[]): Promise<number> {
  const answer = await client.bulk({
    index: alias,
    require_alias: true,
    operations: hits.map(({ _id, _version: version }) => ({
      delete: { _id, version, version_type: 'external_gte' as const },
    })),
  });
  // Elasticsearch minds `require_alias` for writes alone: deletes that come after the index was dropped make one under the alias's name.
  if (answer.items.some(({ delete: item }) => item?._index === alias)) {
    await client.indices.delete({ index: alias, ignore_unavailable: true });
    throw rowsGone(generationOf(alias));
  }
  const verdicts = verdictsOf(answer, hits.length, name);
  for (const verdict of verdicts) if ('error' in verdict) throw verdict.error;
  return verdicts.filter(({ kind }) => kind === 'STORED').length;
}
