import { randomUUID } from 'node:crypto';
import type { Db, MongoClient } from 'mongodb';
import { connectMongo } from '../../src/adapters/mongodb/connect.js';

/** A database of its own on the mongod that the whole run shares. */
export interface TestDatabase {
  readonly client: MongoClient;
  readonly db: Db;
  /** The URL of this database, as a service would be given it. */
  readonly url: string;
  close(): Promise<void>;
}

export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env.SLUICE_TEST_MONGODB_URL;
  if (server === undefined)
    throw new Error('there is no mongod: test/support/global-setup.mjs starts one for npm test');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = server.replace('/?', `/${name}?`);
  const client = await connectMongo(url);
  const db = client.db(name);
  return {
    client,
    db,
    url,
    async close() {
      await db.dropDatabase();
      await client.close();
    },
  };
}
