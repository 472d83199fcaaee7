import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BSON, type Document, MongoNetworkError } from 'mongodb';
import { socketsOf } from '../../../test/support/driver-sockets.js';
import { type TestDatabase, testDatabase } from '../../../test/support/mongod.js';
import { connectMongo } from './connect.js';
import { DocumentSequence } from './driver-writes.js';

/** Of a document without text, in bytes. */
const LENGTH_OF_EMPTY = BSON.calculateObjectSize({ _id: 0, text: '' });

describe('the commands that the driver sends', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  it('arrive over sockets that have ended, before the driver knows', async () => {
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

  it.each([
    ['small ones', [10, 2_000, 40_000]],
    ['a large one at the end', [10, 70_000]],
    ['a large one at the beginning', [3_000_000, 10, 10]],
    ['large ones among small ones', [10, 70_000, 20, 65_000, 1_000_000, 1_000_000, 30]],
    ['one just as large as those that are not copied', [64 * 1024 - LENGTH_OF_EMPTY, 64 * 1024 - LENGTH_OF_EMPTY - 1]],
  ])('store all documents: %s', async (_, lengths) => {
    const sent = lengths.map((length, _id) => ({ _id, text: String.fromCharCode(97 + _id).repeat(length) }));
    for (const url of [database.url, `${database.url}&compressors=zlib`]) {
      const client = await connectMongo(url);
      try {
        const collection = client.db().collection<Document & { _id: number }>('documents');
        await collection.insertMany(sent);
        expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual(sent);
        await collection.drop();
      } finally {
        await client.close();
      }
    }
  });

  it.each([
    ['is destroyed', (socket: Socket) => socket.destroy()],
    ['fails', (socket: Socket) => socket.destroy(Object.assign(new Error('write ETIMEDOUT'), { code: 'ETIMEDOUT' }))],
  ])('fail if the socket %s while it does not take them, and nothing follows half of one', async (_, end) => {
    const client = await connectMongo(`${database.url}&maxPoolSize=1`);
    try {
      const db = client.db();
      await db.command({ ping: 1 });
      const [socket] = socketsOf(client);
      if (!socket) throw new Error('the driver has no connection');
      const insert = (text: string) =>
        db.command({ insert: 'half', documents: sequenceOf([0, 1, 2, 3].map((_id) => ({ _id, text }))) });
      const write = jest.spyOn(socket, 'write').mockReturnValue(false);
      const failed = expect(insert('x'.repeat(3_000_000))).rejects.toThrow(MongoNetworkError);
      while (write.mock.calls.length < 3) await new Promise((resolve) => setImmediate(resolve));
      end(socket);
      await failed;
      expect(await insert('y')).toMatchObject({ n: 4, ok: 1 });
      expect(await db.collection('half').distinct('text')).toEqual(['y']);
      await db.dropCollection('half');
    } finally {
      await client.close();
    }
  });

  it('are not sent over a connection again that has taken half of one', async () => {
    const client = await connectMongo(`${database.url}&maxPoolSize=1`);
    try {
      await client.db().command({ ping: 1 });
      const [socket] = socketsOf(client);
      if (!socket) throw new Error('the driver has no connection');
      const write = jest.spyOn(socket, 'write').mockReturnValueOnce(true);
      write.mockImplementationOnce(() => {
        throw new Error('not now');
      });
      const documents = sequenceOf([{ _id: 1, text: 'x'.repeat(200_000) }]);
      await expect(client.db().command({ insert: 'never', documents })).rejects.toThrow(MongoNetworkError);
      expect(socket.destroyed).toBe(true);
      expect(await client.db().collection('never').countDocuments()).toBe(0);
    } finally {
      await client.close();
    }
  });

  it('arrive if they have a deadline', async () => {
    const documents = sequenceOf([{ _id: 1, text: 'x'.repeat(200_000) }]);
    expect(await database.db.command({ insert: 'late', documents }, { timeoutMS: 60_000 })).toMatchObject({ n: 1 });
  });

  it('are written from the memory in which their documents are', async () => {
    const documents = Buffer.concat([0, 1, 2].map((_id) => BSON.serialize({ _id, text: 'x'.repeat(100_000) })));
    const sequence = new DocumentSequence('documents');
    sequence.push({}, documents);
    const write = jest.spyOn(Socket.prototype, 'write');
    try {
      expect(await database.db.command({ insert: 'rows', documents: sequence })).toMatchObject({ n: 3, ok: 1 });
      const written = write.mock.calls.map(([bytes]) => bytes as unknown as Buffer);
      const fromThere = written.filter(({ buffer }) => buffer === documents.buffer);
      expect(fromThere.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(documents.length - 2_000);
    } finally {
      write.mockRestore();
    }
  });
});

function sequenceOf(documents: readonly Document[]): InstanceType<typeof DocumentSequence> {
  const sequence = new DocumentSequence('documents');
  sequence.push({}, Buffer.concat(documents.map((document) => BSON.serialize(document))));
  return sequence;
}
