import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Document, MongoClient } from 'mongodb';
import { mongoRecordStore } from '../../src/adapters/mongodb/mongo-record-store.js';
import { bsonEncoding } from '../../src/adapters/mongodb/rows/bson-encoding.js';
import { EVERYTHING } from '../../src/domain/query/record-query.js';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.js';
import { describeRecordStore, WITH_SERVER } from './record-store.contract.js';
import { describeEncodedRows } from './record-store.encoded.js';
import { COLUMNS, row, tombstone } from './record-store.rows.js';

describeRecordStore('mongodb', async () => {
  const { db, close } = await testDatabase();
  return { store: mongoRecordStore(db), close };
}, [...WITH_SERVER, (bench) => describeEncodedRows(bench, bsonEncoding)]);

describe('rows in MongoDB', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  it('have only our field names, whatever their values', async () => {
    const store = mongoRecordStore(database.db);
    await store.createGeneration('rows_names_1', COLUMNS);
    const values = { c1: '$set', c2: 1, c5: ['a.b', `${'x'.repeat(7_000)}y`] };
    await store.writeRows('rows_names_1', [row('$a.b', values), tombstone('b', 1)], () => undefined);
    await store.writeRows('rows_names_1', [row('$a.b', values, 2)], () => undefined);
    const stored = await database.db.collection<Document>('rows_names_1').find().sort({ _id: 1 }).toArray();
    expect(stored.map((document) => Object.keys(document).sort())).toEqual([
      ['_id', 'c1', 'c2', 'c5', 'n', 'o', 'r', 's', 'v'],
      ['_id', 'd', 't', 'v'],
    ]);
  });
});

describe('stored rows in MongoDB', () => {
  it('are read with their sources if there is room', async () => {
    const { db, close } = await testDatabase();
    const store = mongoRecordStore(db);
    await store.createGeneration('rows_sources_1', COLUMNS);
    const rows = ['a', 'b', 'c'].map((id) => ({ ...row(id, {}), source: `{"k":"${id}"}` }));
    await store.writeRows('rows_sources_1', rows, () => undefined);
    const sources = async (room?: number) =>
      (await store.readRows('rows_sources_1', ['a', 'b', 'c'], room)).map(({ source }) => source);
    expect(await sources(1_000)).toEqual(rows.map(({ source }) => source));
    expect(await sources(20)).toEqual([rows[0]?.source, rows[1]?.source, undefined]);
    expect(await sources()).toEqual([undefined, undefined, undefined]);
    await close();
  });
});

describe('MongoDB that goes away', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let client: MongoClient;
  beforeAll(async () => {
    database = await testDatabase();
    const url = new URL(database.url);
    proxy = await tcpProxy(Number(url.port));
    url.port = String(proxy.port);
    url.searchParams.delete('replicaSet');
    url.searchParams.set('directConnection', 'true');
    client = await new MongoClient(url.href, { serverSelectionTimeoutMS: 500 }).connect();
  });
  afterAll(async () => {
    await client.close();
    await proxy.shut();
    await database.close();
  });

  it.each([
    ['new rows', [row('a', {}, 3), row('b', {}, 3)]],
    ['rows that replace older ones', [row('old', {}, 3)]],
    ['tombstones', [tombstone('old', 4)]],
  ])('never looks like a finished write: %s', async (_name, writes) => {
    const store = mongoRecordStore(client.db());
    const generation = 'rows_away_1';
    await store.createGeneration(generation, COLUMNS);
    await store.writeRows(generation, [row('old', {}, 1)], () => undefined);
    let shut: Promise<void> | undefined;
    const cut = () => {
      shut ??= proxy.shut();
    };
    const gone = { name: 'RecordStoreError', code: 'UNAVAILABLE', retriable: true };
    await expect(store.writeRows(generation, writes, cut)).rejects.toMatchObject(gone);
    await expect(store.count(generation, EVERYTHING)).rejects.toMatchObject(gone);
    await shut;
    await proxy.open();
    await store.writeRows(generation, writes, () => undefined);
    const versions = await database.db.collection<{ _id: string; v: number }>(generation).find().toArray();
    for (const { id, version } of writes)
      expect(versions).toContainEqual(expect.objectContaining({ _id: id, v: version }));
  });
});
