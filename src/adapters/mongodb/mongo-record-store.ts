import { type Collection, type Db, type IndexDescription, MongoServerError } from 'mongodb';
import { placeOfRow } from '../../domain/query/compare-rows.js';
import type { StoredColumn } from '../../domain/query/record-query.js';
import { joined } from '../../event-loop/joined-calls.js';
import { type LookedUpRows, type RecordStore, RecordStoreError } from '../../ports/record-store.js';
import { boundedPage, RAW } from './bounded-page.js';
import { collectionForClients, MAX_QUERY_MS } from './client-queries.js';
import { MANY_LANES } from './many-lanes.js';
import { bsonEncoding } from './rows/bson-encoding.js';
import { readRows, readSources, readValuesOf } from './rows/read-rows.js';
import { DELETED, HIDDEN, type RowDocument, toHiddenRecord, toRow } from './rows/row-document.js';
import { IS_ROW, toMatch } from './rows/row-filter.js';
import { pageCursor, rowsAfter } from './rows/row-page.js';
import { sizeOfRow } from './rows/row-size.js';
import { writeRows } from './rows/write-rows.js';
import { toStoreError } from './rows/write-verdict.js';
import { isTimeOver } from './server-trouble.js';

/** A document can have 16 MB; the rest is for ids, keys and what queries compare of long texts. */
const MAX_ROW_BYTES = 15 * 1024 * 1024;
const PAGE_BYTES = 16 * 1024 * 1024;
/** A collection can have 64 indexes. Filters on further columns of points read all rows. */
const MAX_GEO_INDEXES = 20;
const NAMESPACE_NOT_FOUND = 26;

/**
 * Rows in MongoDB, one collection per generation. If an old owner writes while the generation is dropped, that write creates a new collection with the same name. No
 * catalog entry names it, so nobody reads it, and the upkeep drops it again.
 */
export function mongoRecordStore(db: Db, maxTimeMS = MAX_QUERY_MS): RecordStore {
  const rowsOf = (generation: string) => db.collection<RowDocument>(generation);
  const refuseMissing = refusalOfMissing(db);

  return {
    limits: { maxRowBytes: MAX_ROW_BYTES },
    sizeOf: sizeOfRow,
    encoding: bsonEncoding,
    // If the database does not respond, the ledger cannot report it either.
    silence: () => null,

    createGeneration: (generation, columns) =>
      asStoreRequest(async () => {
        // The same command creates the collection, if it is not there.
        await rowsOf(generation).createIndexes(indexesFor(columns));
      }),

    dropGeneration: (generation) =>
      asStoreRequest(async () => {
        await unlessCode(NAMESPACE_NOT_FOUND, rowsOf(generation).drop());
      }),

    ownGenerations: () =>
      asStoreRequest(async () => {
        const found = await db.listCollections({ name: /^rows_/ }, { nameOnly: true }).toArray();
        return found.map(({ name }) => name);
      }),

    async writeRows(generation, writes, stillOwned) {
      // Otherwise the first write would create the collection again, with only these rows.
      await asStoreRequest(() => refuseMissing(generation));
      return writeRows(rowsOf(generation), writes, stillOwned);
    },

    // Rows that are written with majority are visible immediately.
    refresh: async () => undefined,

    readPage: (generation, { filter, order, after, limit }) =>
      asClientQuery(async () => {
        const match = after ? { $and: [toMatch(filter), rowsAfter(after, order)] } : toMatch(filter);
        const found = pageCursor(rowsOf(generation), match, order, { limit: limit + 1, maxTimeMS });
        const { documents, more } = await boundedPage(found, { limit, maxBytes: PAGE_BYTES });
        const rows = documents.map(toRow);
        const last = rows.at(-1);
        if (!last) await refuseMissing(generation);
        return { rows, end: last ? placeOfRow(last.id, last.values, order) : null, hasNext: more };
      }),

    readValues: (generation, id) =>
      asClientQuery(async () => {
        const options = { projection: { j: 0 }, maxTimeMS };
        const found = await rowsOf(generation).findOne({ _id: id, ...IS_ROW }, options);
        if (!found) await refuseMissing(generation);
        return found ? toRow(found).values : null;
      }),

    ...lookedUpRows(refuseMissing, rowsOf),

    readSources: (generation, ids) => asStoreRequest(() => readSources(rowsOf(generation), ids)),

    scan: (generation, filter, after, { maxRows, maxBytes }) =>
      asStoreRequest(async () => {
        const match = { $and: [toMatch(filter), { _id: { $gt: after } }] };
        const found = rowsOf(generation).find(match, RAW).sort({ _id: 1 }).limit(maxRows);
        const { documents } = await boundedPage(found, { limit: maxRows, maxBytes });
        if (documents.length === 0) await refuseMissing(generation);
        return documents.map(toRow);
      }),

    scanHidden: (generation, after, { maxRows, maxBytes }) =>
      asStoreRequest(async () => {
        const found = rowsOf(generation).find({ d: HIDDEN, _id: { $gt: after } }, RAW);
        const limited = found.sort({ _id: 1 }).limit(maxRows);
        const { documents } = await boundedPage(limited, { limit: maxRows, maxBytes });
        if (documents.length === 0) await refuseMissing(generation);
        return documents.map(toHiddenRecord);
      }),

    scanTombstones: (generation, after, maxRows) =>
      asStoreRequest(async () => {
        const found = rowsOf(generation).find({ d: DELETED, _id: { $gt: after } }, { projection: { v: 1 } });
        const documents = await found.sort({ _id: 1 }).limit(maxRows).toArray();
        return documents.map(({ _id: id, v: version }) => ({ id, version, deleted: true }));
      }),

    count: (generation, filter) =>
      asClientQuery(async () => {
        const count = await rowsOf(generation).countDocuments(toMatch(filter), { maxTimeMS });
        if (count === 0) await refuseMissing(generation);
        return count;
      }),

    sweepTombstones: (generation, olderThanMs) =>
      asStoreRequest(async () => {
        const old = { $lt: ['$t', { $subtract: ['$$NOW', olderThanMs] }] };
        return (await rowsOf(generation).deleteMany({ d: DELETED, $expr: old })).deletedCount;
      }),
  };
}

/** What lookups read while a client waits: MongoDB ends each read after this time. */
export function mongoRowsForClients(db: Db, maxTimeMS = MAX_QUERY_MS): LookedUpRows {
  return lookedUpRows(refusalOfMissing(db), (generation) =>
    collectionForClients(db.collection<RowDocument>(generation), maxTimeMS),
  );
}

function lookedUpRows(
  refuseMissing: (generation: string) => Promise<void>,
  rowsOf: (generation: string) => Collection<RowDocument>,
): LookedUpRows {
  return {
    readRows: (generation, ids, maxSourceLength) =>
      asStoreRequest(async () => {
        const rows = await readRows(rowsOf(generation), ids, maxSourceLength);
        if (rows.length === 0) await refuseMissing(generation);
        return rows;
      }),

    readValuesOf: (generation, ids, storedKeys) =>
      asStoreRequest(async () => {
        const values = await readValuesOf(rowsOf(generation), ids, storedKeys);
        if (values.size === 0) await refuseMissing(generation);
        return values;
      }),
  };
}

/** Throws GENERATION_MISSING if the collection of a generation is not there. Calls for many generations share requests. */
function refusalOfMissing(db: Db): (generation: string) => Promise<void> {
  const exists = joined((generations: readonly string[]) => areThere(db, generations), MANY_LANES);
  return async (generation) => {
    if (await exists(generation)) return;
    throw new RecordStoreError('GENERATION_MISSING', `the collection ${generation} is missing from MongoDB`);
  };
}

/** Whether the collections of these generations are there. */
async function areThere(db: Db, generations: readonly string[]): Promise<readonly boolean[]> {
  const found = await db.listCollections({ name: { $in: [...generations] } }, { nameOnly: true }).toArray();
  const names = new Set(found.map(({ name }) => name));
  return generations.map((generation) => names.has(generation));
}

/** Each index is a file that mongod keeps open, for every dataset. */
function indexesFor(columns: readonly StoredColumn[]): IndexDescription[] {
  const points = columns.filter(({ type }) => type === 'GEO_POINT').slice(0, MAX_GEO_INDEXES);
  return [
    // Rows cost nothing here. A sweep reads all tombstones once an hour, each at most twice before it is old enough.
    { key: { d: 1, _id: 1 }, name: 'without_row', partialFilterExpression: { d: { $exists: true } } },
    // With the id, which pages are ordered by.
    ...columns.flatMap(({ storedKey, indexed }) =>
      indexed ? [{ key: { [storedKey]: 1 as const, _id: 1 as const } }] : [],
    ),
    ...points.map(({ storedKey }) => ({ key: { [storedKey]: '2dsphere' as const } })),
  ];
}

/** Runs a request to the store, and turns its errors into errors of the port. */
async function asStoreRequest<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Runs a query for a client. One that the server ends because of its time is refused: the same query would take as long again. */
function asClientQuery<T>(request: () => Promise<T>): Promise<T> {
  return asStoreRequest(async () => {
    try {
      return await request();
    } catch (error) {
      if (!isTimeOver(error)) throw error;
      const message = `the query takes longer than ${MAX_QUERY_MS / 1_000} s; narrow it with a filter by an indexed column, or leave out the order or totalCount`;
      throw new RecordStoreError('QUERY_REFUSED', message, { cause: error });
    }
  });
}

/** Ignores the server's error with this code. */
async function unlessCode(fine: number, request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== fine) throw error;
  }
}
