import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Collection } from 'mongodb';
import { type TestDatabase, testDatabase } from '../../../test/support/mongod.js';
import { toSluiceError } from '../../edge/to-sluice-error.js';
import { FOREIGN_STORAGE } from '../../ports/storage-health.js';
import { createLogger } from '../../telemetry/logger.js';
import { forClients } from './client-queries.js';
import { type Collections, collectionsOf } from './collections.js';
import { errorKindOf } from './server-trouble.js';

const CONNECTIONS = 60_000;

describe('queries for clients', () => {
  let database: TestDatabase;
  let collections: Collections;
  beforeAll(async () => {
    database = await testDatabase();
    collections = collectionsOf(database.db);
    const documents = Array.from({ length: CONNECTIONS }, (_, n) => ({ _id: `c${n}`, searchName: 'x'.repeat(300) }));
    await database.db.collection<{ _id: string }>('connections').insertMany(documents);
  });
  afterAll(() => database.close());

  const slow = { searchName: { $regex: 'x*y' } };

  it.each<[string, (from: Collections) => Promise<unknown>]>([
    ['find', ({ connections }) => connections.find(slow).toArray()],
    ['find, a later batch', ({ connections }) => connections.find({}, { batchSize: 2 }).skip(50_000).toArray()],
    ['findOne', ({ connections }) => connections.findOne(slow, { projection: { _id: 1 } })],
    ['aggregate', ({ connections }) => connections.aggregate([{ $match: slow }]).toArray()],
    ['countDocuments', ({ connections }) => connections.countDocuments(slow)],
    ['distinct', ({ connections }) => connections.distinct('sampleVersion', slow)],
  ])('are ended when their time is over, with an error that says what to do: %s', async (_method, query) => {
    await query(collections);
    const error: unknown = await query(forClients(collections, 1)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' });
    const context = { logger: createLogger('silent'), requestId: 'r' };
    const said = toSluiceError(error, { ...context, storage: { ...FOREIGN_STORAGE, errorKind: errorKindOf } });
    expect(said).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('a query of the database took too long, and was ended; ask for less'),
    });
  });

  it('are made with no method that nobody has bounded', () => {
    const { connections } = forClients(collections);
    const methods = Object.entries(Object.getOwnPropertyDescriptors(Collection.prototype)).flatMap(
      ([name, { value }]) => (typeof value === 'function' && name !== 'constructor' ? [name] : []),
    );
    const isRefused = (name: string) => {
      try {
        Reflect.get(connections, name);
        return false;
      } catch (error) {
        return error instanceof TypeError && error.message.includes(`may not call ${name}`);
      }
    };
    const writes = /^(insert|update|delete)(One|Many)$|^replaceOne$|^findOneAnd(Update|Delete)$|^bulkWrite$/;
    const reads = ['find', 'findOne', 'aggregate', 'countDocuments', 'distinct'];
    expect(methods.filter((name) => !isRefused(name)).sort()).toEqual(
      [...reads, ...methods.filter((name) => writes.test(name))].sort(),
    );
    expect(methods.filter(isRefused)).toEqual(expect.arrayContaining(['count', 'estimatedDocumentCount', 'watch']));
  });

  it('write as they do elsewhere', async () => {
    const { upkeep } = forClients(collections, 1);
    await upkeep.insertOne({ _id: 'payloads', through: 'a' });
    expect((await upkeep.updateOne({ _id: 'payloads' }, { $set: { through: 'b' } })).modifiedCount).toBe(1);
    expect(await collections.upkeep.findOne({ _id: 'payloads' })).toMatchObject({ through: 'b' });
  });
});
