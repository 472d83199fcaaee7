import type { Client, estypes } from '@elastic/elasticsearch';
import { EVERYTHING, type RecordFilter } from '../../domain/query/record-query.js';
import { type RecordStore, RecordStoreError } from '../../ports/record-store.js';
import { aliasOf, type IndexSettings, indexDefinition, indexOf } from './generation-index.js';
import { readPage } from './rows/read-page.js';
import { readRows, readSources } from './rows/read-rows.js';
import { toQuery } from './rows/row-filter.js';
import { rowsAfter, sortOf } from './rows/row-page.js';
import { sizeOfRow } from './rows/row-size.js';
import { toRow } from './rows/row-source.js';
import { searchRows, VALUES, VALUES_AND_SOURCE } from './rows/search-rows.js';
import { scanTombstones, sweepTombstones } from './rows/sweep-tombstones.js';
import { findTies, NO_TIES } from './rows/ties.js';
import { writeRows } from './rows/write-rows.js';
import { asStoreRequest, isFailure, toStoreError } from './store-error.js';

/** A request takes 100 MB; the rest is for what Elasticsearch makes of a row in memory. */
const MAX_ROW_BYTES = 15 * 1024 * 1024;
/** A search answers at most 10,000 rows. */
const SCAN_ROWS = 5_000;
/** How long a new index waits for its shards; then it is there, and writes wait for them. */
const SHARDS_WAIT = '20s';

/** Rows in Elasticsearch: one index a generation, written and read by an alias of its own. */
export function elasticsearchRecordStore(client: Client, settings: IndexSettings): RecordStore {
  return {
    limits: { maxRowBytes: MAX_ROW_BYTES },
    sizeOf: sizeOfRow,

    createGeneration: (generation, columns) =>
      asStoreRequest(async () => {
        try {
          await client.indices.create({ ...indexDefinition(generation, columns, settings), timeout: SHARDS_WAIT });
        } catch (error) {
          if (!isFailure(error, 'resource_already_exists_exception')) throw error;
        }
      }),

    // The cluster may be others' too; and a bulk that comes too late makes no index, since it requires the alias.
    ownGenerations: async () => [],

    dropGeneration: (generation) =>
      asStoreRequest(async () => {
        await client.indices.delete({ index: indexOf(generation), ignore_unavailable: true });
      }),

    writeRows: (generation, writes, stillOwned) => writeRows({ client, generation, stillOwned }, writes),

    refresh: (generation) =>
      asStoreRequest(async () => {
        const { _shards: shards } = await client.indices.refresh({ index: aliasOf(generation) });
        if (shards && shards.failed > 0) throw notAll('refreshed', shards);
        // A copy that is away is neither refreshed nor counted as failed. Then every shard must have another one, or this throws.
        if (shards && shards.successful < shards.total) await countRows(client, generation, { match_none: {} });
      }),

    readPage: (generation, query) => asStoreRequest(() => readPage(client, generation, query)),

    readValues: (generation, id) =>
      asStoreRequest(async () => {
        const query = toQuery(EVERYTHING, NO_TIES, { term: { i: id } });
        const one = { sort: sortOf([]), limit: 1, maxBytes: MAX_ROW_BYTES, read: VALUES };
        const [hit] = (await searchRows(client, generation, { query, ...one })).hits;
        return hit ? toRow(hit).values : null;
      }),

    readRows: (generation, ids) => asStoreRequest(() => readRows(client, generation, ids)),

    readSources: (generation, ids) => asStoreRequest(() => readSources(client, generation, ids)),

    scan: (generation, filter, after, { maxRows, maxBytes }) =>
      asStoreRequest(async () => {
        const limit = Math.min(maxRows, SCAN_ROWS);
        const rest: RecordFilter = { kind: 'AND', filters: [filter, rowsAfter({ rowId: after, values: [] }, [])] };
        const query = toQuery(rest, await findTies(client, generation, rest));
        const search = { query, sort: sortOf([]), limit, maxBytes, read: VALUES_AND_SOURCE };
        return (await searchRows(client, generation, search)).hits.map(toRow);
      }),

    scanTombstones: (generation, after, maxRows) =>
      asStoreRequest(() => scanTombstones(client, generation, after, maxRows)),

    count: (generation, filter) =>
      asStoreRequest(async () =>
        countRows(client, generation, toQuery(filter, await findTies(client, generation, filter))),
      ),

    sweepTombstones: (generation, olderThanMs) =>
      asStoreRequest(async () => {
        try {
          return await sweepTombstones(client, generation, olderThanMs);
        } catch (error) {
          if (toStoreError(error).code === 'GENERATION_MISSING') return 0;
          throw error;
        }
      }),
  };
}

async function countRows(client: Client, generation: string, query: estypes.QueryDslQueryContainer): Promise<number> {
  const { count, _shards: shards } = await client.count({ index: aliasOf(generation), query });
  if (shards.successful < shards.total) throw notAll('counted', shards);
  return count;
}

function notAll(what: string, { successful, total }: estypes.ShardStatistics): RecordStoreError {
  const message = `Elasticsearch: ${total - successful} of ${total} shards could not be ${what}`;
  return new RecordStoreError('UNAVAILABLE', message);
}
