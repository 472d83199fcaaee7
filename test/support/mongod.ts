import { randomUUID } from 'node:crypto';
import type { Db, MongoClient } from 'mongodb';
import { connectMongo } from '../../src/adapters/mongodb/connect.js';
import { readConfig } from '../../src/config.js';
import { openRecordStore } from '../../src/open-record-store.js';
import type { RecordStore } from '../../src/ports/record-store.js';

/** A new database on the mongod that the whole run shares, and the record store of the run. */
export interface TestDatabase {
  readonly client: MongoClient;
  readonly db: Db;
  readonly records: RecordStore;
  /** The URL of this database, as a service would get it. */
  readonly url: string;
  close(): Promise<void>;
}

/** `settings`: variables of the record store in addition to those of the run. */
export async function testDatabase(settings: NodeJS.ProcessEnv = {}): Promise<TestDatabase> {
  const server = process.env.SLUICE_TEST_MONGODB_URL;
  if (server === undefined)
    throw new Error('there is no mongod: test/support/global-setup.mjs starts one for npm test');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = server.replace('/?', `/${name}?`);
  const client = await connectMongo(url);
  const db = client.db(name);
  const { records, close: closeStore } = await openRecordStore(readConfig({ ...storeEnv(), ...settings }), db);
  return {
    client,
    db,
    records,
    url,
    async close() {
      const generations = await db.collection<{ _id: string }>('generations').find().toArray();
      for (const { _id } of generations) await records.dropGeneration(_id);
      await closeStore();
      await db.dropDatabase();
      await client.close();
    },
  };
}

/** What makes a service use the record store of the run: MongoDB, or in the project `elasticsearch` of jest.config.js that. */
export function storeEnv(): NodeJS.ProcessEnv {
  return { ELASTICSEARCH_URL: process.env.ELASTICSEARCH_URL, ELASTICSEARCH_REPLICAS: '0' };
}
