import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../../test/support/mongod.js';
import { geoPoint } from '../../domain/geo-point.js';
import { systemClock } from '../system-clock.js';
import { mongoAddressCache } from './address-cache.js';
import { collectionsOf } from './collections.js';
import { createIndexes } from './indexes.js';

const DAY_MS = 86_400_000;

describe('the cache of addresses', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
    await createIndexes(collectionsOf(database.db));
  });
  afterAll(() => database.close());

  it('keeps points for 30 days and addresses that are nowhere for one, and MongoDB removes them', async () => {
    const collections = collectionsOf(database.db);
    const start = Date.now();
    const cacheAt = (days: number) =>
      mongoAddressCache(collections, { ...systemClock, now: () => new Date(start + days * DAY_MS) });
    const [point, other] = [geoPoint(1, 2), geoPoint(3, 180)];
    await cacheAt(0).keep(new Map([['a', point]]));
    await cacheAt(0).keep(
      new Map([
        ['a', other],
        ['b', null],
      ]),
    );
    const read = async (days: number) => Object.fromEntries(await cacheAt(days).read(['a', 'b', 'c']));
    expect(await read(0.9)).toEqual({ a: other, b: null });
    expect(await read(1.1)).toEqual({ a: other });
    expect(await read(30.1)).toEqual({});
    const indexes = await collections.addresses.indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }));
  });
});
