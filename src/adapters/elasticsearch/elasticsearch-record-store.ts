import { EVERYTHING } from '../../domain/query/record-query.js';
import { type RecordStore, RecordStoreError } from '../../ports/record-store.js';
import type { ElasticsearchConnection } from './connect.js';
import { createIndex } from './create-index.js';
import { type IndexSettings, indexOf } from './generation-index.js';
import { IndexChangedError, type OpenIndex, OpenIndices } from './open-indices.js';
import { linesEncoding } from './rows/lines-encoding.js';
import { readPage } from './rows/read-page.js';
import { readRows, readSources, readValuesOf } from './rows/read-rows.js';
import { toQuery } from './rows/row-filter.js';
import { sortOf } from './rows/row-page.js';
import { sizeOfRow } from './rows/row-size.js';
import { toRow } from './rows/row-source.js';
import { rowsById } from './rows/rows-by-id.js';
import { scanHidden } from './rows/scan-hidden.js';
import { countRows } from './rows/search-index.js';
import { searchRows } from './rows/search-rows.js';
import { scanTombstones, sweepTombstones } from './rows/sweep-tombstones.js';
import { findTies, NO_TIES } from './rows/ties.js';
import { writeRows } from './rows/write-rows.js';
import { asStoreRequest, toStoreError } from './store-error.js';

/** A request can have 100 MB; the rest is for what Elasticsearch makes of a row in memory. */
const MAX_ROW_BYTES = 15 * 1024 * 1024;
/** A search returns at most 10,000 rows. */
const SCAN_ROWS = 5_000;

/** Rows in Elasticsearch: one index per generation, written and read through its own alias. `maxSmallIndex`: an index with more documents has many, and is read in another way. */
export function elasticsearchRecordStore(
  { client, silence }: Pick<ElasticsearchConnection, 'client' | 'silence'>,
  settings: IndexSettings,
  maxSmallIndex?: number,
): RecordStore {
  const indices = new OpenIndices(client, maxSmallIndex);
  const use = <T>(generation: string, request: (index: OpenIndex) => Promise<T>): Promise<T> =>
    indices.useTwice(generation, (index) => asStoreRequest(() => request(index)));
  return {
    limits: { maxRowBytes: MAX_ROW_BYTES },
    sizeOf: sizeOfRow,
    encoding: linesEncoding,
    silence,

    createGeneration: (generation, columns) => createIndex(client, indices, generation, columns, settings),

    // Others may use the cluster too; and a late bulk creates no index, since it requires the alias.
    ownGenerations: async () => [],

    dropGeneration: (generation) =>
      asStoreRequest(async () => {
        indices.forget(generation);
        await client.indices.delete({ index: indexOf(generation), ignore_unavailable: true });
      }),

    writeRows: (generation, writes, stillOwned) =>
      indices.use(generation, (index) => writeRows({ index, stillOwned }, writes)),

    refresh: (generation) => use(generation, refreshIndex),

    readPage: (generation, query) => use(generation, (index) => readPage(index, query)),

    readValues: (generation, id) =>
      use(generation, async (index) => {
        const query = toQuery(EVERYTHING, NO_TIES, { term: { i: id } });
        const one = { sort: sortOf([]), limit: 1, maxBytes: MAX_ROW_BYTES, read: 'VALUES' as const };
        const [hit] = (await searchRows(index, { query, ...one })).hits;
        return hit ? toRow(hit).values : null;
      }),

    readRows: (generation, ids) => use(generation, (index) => readRows(index, ids)),

    readSources: (generation, ids) => use(generation, (index) => readSources(index, ids)),

    readValuesOf: (generation, ids, storedKeys) => use(generation, (index) => readValuesOf(index, ids, storedKeys)),

    scan: (generation, filter, after, { maxRows, maxBytes }) =>
      use(generation, async (index) => {
        const limits = { limit: Math.min(maxRows, SCAN_ROWS), maxBytes, read: 'VALUES_AND_SOURCE' as const };
        return (await rowsById(index, filter, after, limits)).hits.map(toRow);
      }),

    scanHidden: (generation, after, { maxRows, maxBytes }) =>
      use(generation, (index) => scanHidden(index, after, { maxRows: Math.min(maxRows, SCAN_ROWS), maxBytes })),

    scanTombstones: (generation, after, maxRows) => use(generation, (index) => scanTombstones(index, after, maxRows)),

    count: (generation, filter) =>
      use(generation, async (index) => countRows(index, toQuery(filter, await findTies(index, filter)))),

    async sweepTombstones(generation, olderThanMs) {
      try {
        return await use(generation, (index) => sweepTombstones(index, olderThanMs));
      } catch (error) {
        if (toStoreError(error).code === 'GENERATION_MISSING') return 0;
        throw error;
      }
    },
  };
}

async function refreshIndex(index: OpenIndex): Promise<void> {
  const { client, alias, copies } = index;
  const { _shards: shards } = await client.indices.refresh({ index: alias });
  if (!shards) return;
  if (shards.failed > 0) {
    const message = `Elasticsearch: ${shards.failed} of ${shards.total} shards could not be refreshed`;
    throw new RecordStoreError('UNAVAILABLE', message);
  }
  if (shards.total !== copies) throw new IndexChangedError(alias);
  // A missing copy is neither refreshed nor counted as failed. Then every shard must have another copy, or this throws.
  if (shards.successful < shards.total) await countRows(index, { match_none: {} });
}
