import { on, once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ClientSession, MongoClient } from 'mongodb';
import { monitorSocketsOf, socketsOf } from '../../../test/support/driver-sockets.js';
import { type TestDatabase, testDatabase } from '../../../test/support/mongod.js';
import { type TcpProxy, tcpProxy } from '../../../test/support/tcp-proxy.js';
import { until } from '../../../test/support/until.js';
import { connectMongo } from './connect.js';

describe('the commands that the driver sends again', () => {
  let database: TestDatabase;
  let client: MongoClient;
  beforeAll(async () => {
    database = await testDatabase();
  });
  beforeEach(() => database.db.dropDatabase());
  afterEach(() => client.close());
  afterAll(() => database.close());

  /** Resolves once the driver would hear at once that the server ends. */
  async function watching(): Promise<void> {
    for await (const [{ awaited }] of on(client, 'serverHeartbeatStarted')) if (awaited) return;
  }

  /** Ends the connection by which the driver watches the server, and resolves once it has replaced its pool. */
  async function endWatching(): Promise<void> {
    const cleared = once(client, 'connectionPoolCleared');
    for (const socket of monitorSocketsOf(client)) socket.destroy();
    await cleared;
  }

  it.each([
    ['a write', 'insert', false],
    ['all of a transaction with a write', 'insert', true],
    ['the end of a transaction', 'commit', true],
  ])(
    'include %s whose connection ends after the driver has heard that the server has',
    async (_, lost, isTransaction) => {
      client = await connectMongo(`${database.url}&maxPoolSize=1`);
      await watching();
      const numbers = client.db(database.db.databaseName).collection<{ _id: number }>('numbers');
      await numbers.insertOne({ _id: 0 });
      const [socket] = socketsOf(client);
      if (!socket) throw new Error('the driver has no connection');

      const responses = jest.spyOn(socket, 'push');
      const loseNext = () => void responses.mockReturnValue(true);
      let attempts = 0;
      const write = async (session?: ClientSession) => {
        attempts += 1;
        if (lost === 'insert' && attempts === 1) loseNext();
        await numbers.insertOne({ _id: 1 }, { session });
        if (lost === 'commit' && attempts === 1) loseNext();
      };
      const written = isTransaction
        ? client.withSession((session) => session.withTransaction(() => write(session)))
        : write();
      await until('the response that is lost', () => responses.mock.calls.length > (lost === 'commit' ? 1 : 0));
      await endWatching();
      socket.destroy();
      await written;
      expect(attempts).toBe(lost === 'insert' && isTransaction ? 2 : 1);
      expect(await numbers.distinct('_id')).toEqual([0, 1]);
    },
  );

  it('include those for which a server that is ending refuses connections, while the others are open', async () => {
    const [, port] = /:(\d+)\//.exec(database.url) ?? [];
    const proxy: TcpProxy = await tcpProxy(Number(port));
    try {
      const direct = database.url
        .replace(`:${port}/`, `:${proxy.port}/`)
        .replace(/replicaSet=\w+/, 'directConnection=true');
      client = await connectMongo(direct);
      await watching();
      let refused = 0;
      client.on('connectionCheckOutFailed', () => {
        refused += 1;
      });
      proxy.refuse();
      await Promise.all(socketsOf(client).map((socket) => once(socket.destroy(), 'close')));
      const found = client.db().collection('any').findOne();
      await Promise.all([
        expect(found).resolves.toBeNull(),
        until('more refusals than the driver bears by itself', () => refused > 3).then(() => proxy.open()),
      ]);
    } finally {
      await client.close();
      await proxy.shut();
    }
  });
});
