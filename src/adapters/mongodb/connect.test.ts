import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MongoClient } from 'mongodb';
import { type TestDatabase, testDatabase } from '../../../test/support/mongod.js';
import { connectMongo } from './connect.js';

describe('the connection to MongoDB', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  it.each(['secondary', 'secondaryPreferred', 'nearest'])(
    'reads from the primary, which knows of every revocation, also if the URL says readPreference=%s',
    async (preference) => {
      const client = await connectMongo(`${database.url}&readPreference=${preference}`);
      try {
        expect(client.db().collection('any').readPreference).toMatchObject({ mode: 'primary' });
        expect(await client.db().collection('any').findOne()).toBeNull();
      } finally {
        await client.close();
      }
    },
  );

  it('answers a command that is sent over sockets that have ended, before the driver knows', async () => {
    const client = await connectMongo(database.url);
    try {
      const find = () => client.db().collection('any').findOne();
      await Promise.all([find(), find()]);
      const sockets = socketsOf(client);
      expect(sockets.length).toBeGreaterThan(0);
      for (const socket of sockets) socket.destroy();
      expect(await find()).toBeNull();
    } finally {
      await client.close();
    }
  });
});

/** The sockets on which the driver would send the next commands. */
function socketsOf(client: MongoClient): Socket[] {
  const { topology } = client as unknown as DriverClient;
  return [...topology.s.servers.values()].flatMap(({ pool }) => [...pool.connections].map(({ socket }) => socket));
}

/** What the driver has inside. */
interface DriverClient {
  readonly topology: {
    readonly s: { readonly servers: ReadonlyMap<string, { pool: { connections: Iterable<{ socket: Socket }> } }> };
  };
}
