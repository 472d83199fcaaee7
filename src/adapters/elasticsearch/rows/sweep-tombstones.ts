import type { estypes } from '@elastic/elasticsearch';
import type { Tombstone } from '../../../ports/row-writes.js';
import { generationOf } from '../generation-index.js';
import type { OpenIndex } from '../open-indices.js';
import { rowsGone } from '../store-error.js';
import { verdictsOf } from './bulk-verdict.js';
import { nextIds } from './next-ids.js';
import { searchIndex } from './search-index.js';

const TOMBSTONES_AT_ONCE = 5_000;

/**
 * Removes tombstones that were written more than `olderThanMs` ago, by the server's clock. Each is deleted at its own version, so that a row that was written over it
 * meanwhile stays.
 */
export async function sweepTombstones(index: OpenIndex, olderThanMs: number): Promise<number> {
  const seconds = Math.ceil(olderThanMs / 1_000);
  const before = seconds >= 0 ? `now-${seconds}s` : `now+${-seconds}s`;
  const isOld = { range: { t: { lt: before } } };
  let swept = 0;
  for (let after: string | null = ''; after !== null; ) {
    const { query, last } = await nextIds(index, 'd', after, TOMBSTONES_AT_ONCE);
    const hits = await tombstones(index, [query, isOld], TOMBSTONES_AT_ONCE);
    if (hits.length > 0) swept += await deleteAll(index, hits);
    after = last;
  }
  // The next sweep must not find deleted tombstones.
  if (swept > 0) await index.client.indices.refresh({ index: index.alias });
  return swept;
}

/** Reads the next tombstones after a row's id, in the order of ids. */
export async function scanTombstones(index: OpenIndex, after: string, limit: number): Promise<Tombstone[]> {
  for (let from = after; ; ) {
    const { query, last } = await nextIds(index, 'd', from, limit);
    const hits = await tombstones(index, [query], limit);
    // All of them may have been swept meanwhile, and more may follow.
    if (hits.length > 0 || last === null) return hits.map(toTombstone);
    from = last;
  }
}

async function tombstones(
  index: OpenIndex,
  conditions: estypes.QueryDslQueryContainer[],
  size: number,
): Promise<estypes.SearchHit[]> {
  const { hits } = await searchIndex(index, {
    query: { bool: { filter: conditions } },
    sort: [{ d: 'asc' }],
    size,
    version: true,
    _source: false,
  });
  return hits.hits;
}

function toTombstone({ _id: id, _version: version = 0 }: estypes.SearchHit): Tombstone {
  return { id: String(id), version, deleted: true };
}

async function deleteAll({ client, alias, name }: OpenIndex, hits: readonly estypes.SearchHit[]): Promise<number> {
  const answer = await client.bulk({
    index: alias,
    require_alias: true,
    operations: hits.map(({ _id, _version: version }) => ({
      delete: { _id, version, version_type: 'external_gte' as const },
    })),
  });
  // Elasticsearch respects `require_alias` only for writes: a delete that comes after the index was dropped would create an index with the alias's name.
  if (answer.items.some(({ delete: item }) => item?._index === alias)) {
    await client.indices.delete({ index: alias, ignore_unavailable: true });
    throw rowsGone(generationOf(alias));
  }
  const verdicts = verdictsOf(answer, hits.length, name);
  for (const verdict of verdicts) if ('error' in verdict) throw verdict.error;
  return verdicts.filter(({ kind }) => kind === 'STORED').length;
}
