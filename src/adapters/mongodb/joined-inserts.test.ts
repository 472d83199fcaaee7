import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { testDatabase } from '../../../test/support/mongod.js';
import { type Collections, collectionsOf } from './collections.js';
import type { JobDocument } from './documents.js';
import { createIndexes } from './indexes.js';
import { joinedInserts } from './joined-inserts.js';

describe('joined inserts', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let collections: Collections;
  beforeAll(async () => {
    database = await testDatabase();
    collections = collectionsOf(database.db);
    await createIndexes(collections);
  });
  afterAll(() => database.close());

  const job = (datasetId: string, position: number) => ({ _id: uuidV7(), datasetId, position }) as JobDocument;

  /** Inserts that note how many documents each write has. */
  function noted() {
    const sizes: number[] = [];
    const jobs = collections.jobs;
    const insertMany: typeof jobs.insertMany = (documents, options) => {
      sizes.push(documents.length);
      return jobs.insertMany(documents, options);
    };
    return { insert: joinedInserts({ insertMany } as typeof jobs), sizes };
  }

  async function positionsOf(datasetId: string): Promise<number[]> {
    return (await collections.jobs.find({ datasetId }).sort({ position: 1 }).toArray()).map((found) => found.position);
  }

  it('write what arrives together in one', async () => {
    const { insert, sizes } = noted();
    const lanes = Array.from({ length: 20 }, () => uuidV7());
    const inserted = await Promise.all(
      lanes.map((lane) => insert({ documents: [job(lane, 1), job(lane, 2)], bytes: 10 })),
    );
    expect(inserted).toEqual(lanes.map(() => 2));
    expect(sizes).toEqual([40]);
    for (const lane of lanes) expect(await positionsOf(lane)).toEqual([1, 2]);
  });

  it('insert all of the other lanes, however many lanes find a position taken', async () => {
    const { insert } = noted();
    const lanes = Array.from({ length: 20 }, () => uuidV7());
    const taken = lanes.filter((_, n) => n % 3 === 2);
    await collections.jobs.insertMany(taken.map((lane) => job(lane, 2)));
    const inserted = lanes.map((lane) => insert({ documents: [job(lane, 1), job(lane, 2), job(lane, 3)], bytes: 10 }));
    expect(await Promise.all(inserted)).toEqual(lanes.map((lane) => (taken.includes(lane) ? 1 : 3)));
    for (const lane of lanes) expect(await positionsOf(lane)).toEqual(taken.includes(lane) ? [1, 2] : [1, 2, 3]);
  });

  it('split what is too much for one write', async () => {
    const { insert, sizes } = noted();
    const large = 3 * 1024 * 1024;
    await Promise.all(Array.from({ length: 5 }, () => insert({ documents: [job(uuidV7(), 1)], bytes: large })));
    expect(sizes).toEqual([1, 1, 1, 1, 1]);
  });

  it('reject all that were joined if it is unknown what was inserted', async () => {
    const insertMany = async () => {
      throw new Error('away');
    };
    const insert = joinedInserts({ insertMany });
    const lanes = Array.from({ length: 5 }, () => insert({ documents: [job(uuidV7(), 1)], bytes: 10 }));
    const results = await Promise.allSettled(lanes);
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  });
});
