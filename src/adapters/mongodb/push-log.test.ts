import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Filter, type FindOptions } from 'mongodb';
import { v7 as uuidV7 } from 'uuid';
import { acceptedPush, appended } from '../../../test/support/accepted-push.js';
import { testDatabase } from '../../../test/support/mongod.js';
import { type Collections, collectionsOf } from './collections.js';
import type { JobDocument } from './documents.js';
import { createIndexes } from './indexes.js';
import { mongoPushLog } from './push-log.js';

describe('the push log on MongoDB', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let collections: Collections;
  beforeAll(async () => {
    database = await testDatabase();
    collections = collectionsOf(database.db);
    await createIndexes(collections);
  });
  afterAll(() => database.close());

  async function positionsOf(datasetId: string): Promise<number[]> {
    const jobs = await collections.jobs.find({ datasetId }).sort({ position: 1 }).toArray();
    return jobs.map((job) => job.position);
  }

  it('numbers pushes in the order of their responses', async () => {
    const log = mongoPushLog(collections);
    const datasetId = uuidV7();
    const first = await appended(log, acceptedPush(datasetId));
    const second = await appended(log, acceptedPush(datasetId));
    expect([first.position, second.position]).toEqual([1, 2]);
    expect(first).toMatchObject({ status: 'INITIALIZING', attempts: 0, history: [{ status: 'INITIALIZING' }] });
  });

  it('leaves no gap and no double when several processes append to one lane at the same time', async () => {
    const logs = [mongoPushLog(collections), mongoPushLog(collections), mongoPushLog(collections)];
    const datasetId = uuidV7();
    const jobs = await Promise.all(
      Array.from({ length: 300 }, (_, index) => appended(logs[index % logs.length], acceptedPush(datasetId))),
    );
    const positions = jobs.map((job) => job.position).sort((a, b) => a - b);
    expect(positions).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(await positionsOf(datasetId)).toEqual(positions);
  });

  it('keeps the order of one process even if pushes wait for each other', async () => {
    const log = mongoPushLog(collections);
    const datasetId = uuidV7();
    const pushes = Array.from({ length: 50 }, () => acceptedPush(datasetId));
    const jobs = await Promise.all(pushes.map((one) => appended(log, one)));
    expect(jobs.map((job) => job.position)).toEqual(pushes.map((_, index) => index + 1));
    expect(jobs.map((job) => job.id)).toEqual(pushes.map((one) => one.id));
  });

  it('reads the last place of a lane once, and again after another process has appended to it', async () => {
    let reads = 0;
    const findOne = (filter: Filter<JobDocument>, options: FindOptions) => {
      if ('datasetId' in filter) reads += 1;
      return collections.jobs.findOne(filter, options);
    };
    const jobs: typeof collections.jobs = Object.assign(Object.create(collections.jobs), { findOne });
    const log = mongoPushLog({ ...collections, jobs });
    const datasetId = uuidV7();
    for (let n = 0; n < 3; n += 1) await appended(log, acceptedPush(datasetId));
    expect(reads).toBe(1);
    await appended(mongoPushLog(collections), acceptedPush(datasetId));
    for (let n = 0; n < 3; n += 1) await appended(log, acceptedPush(datasetId));
    expect(reads).toBe(4);
    expect(await positionsOf(datasetId)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('appends only one of many requests with the same key, from several processes at the same time, and continues without a gap', async () => {
    const logs = [mongoPushLog(collections), mongoPushLog(collections)];
    const datasetId = uuidV7();
    const idempotency = (key: string, keyId = 'k') => ({ keyId, key, fingerprint: 'f' });
    const requests = Array.from({ length: 60 }, (_, n) => ({
      ...acceptedPush(datasetId),
      idempotency: idempotency(`${n % 6}`),
    }));
    const results = await Promise.all(requests.map((one, n) => logs[n % 2]?.append(one)));
    expect(results.filter((result) => result?.kind === 'APPENDED')).toHaveLength(6);
    expect(await positionsOf(datasetId)).toEqual([1, 2, 3, 4, 5, 6]);
    const known = await logs[0]?.findByKey(datasetId, { ...idempotency('0'), fingerprint: 'other' });
    expect(known).toMatchObject({ kind: 'KNOWN', sameRequest: false });
    expect(await logs[0]?.findByKey(datasetId, idempotency('0', 'another caller'))).toBeNull();
    expect(await logs[0]?.findByKey(uuidV7(), idempotency('0'))).toBeNull();
  });

  it('accepts any text as idempotency key, even names of indexes and messages of the database', async () => {
    const logs = [mongoPushLog(collections), mongoPushLog(collections)];
    const spelled = [
      'lane_position',
      'idempotency_key',
      ' _id_ ',
      'E11000',
      ' index: lane_position dup key: ',
      '"',
      '\\',
    ];
    const keys = fc.oneof(
      fc.constantFrom(...spelled),
      fc.array(fc.constantFrom(...spelled), { minLength: 2, maxLength: 4 }).map((parts) => parts.join(' ')),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(keys, async (key) => {
        const datasetId = uuidV7();
        const idempotency = { keyId: 'k', key, fingerprint: 'f' };
        const requests = Array.from({ length: 6 }, (_, n) => ({
          ...acceptedPush(datasetId),
          ...(n % 3 !== 2 && { idempotency }),
        }));
        const results = await Promise.all(requests.map((one, n) => logs[n % 2]?.append(one)));
        expect(results.filter((result) => result?.kind === 'KNOWN')).toHaveLength(3);
        expect(await positionsOf(datasetId)).toEqual([1, 2, 3]);
      }),
      { numRuns: 60, examples: spelled.map((key) => [key]) },
    );
  });

  it('refuses a push whose payload was purged meanwhile, whatever its key', async () => {
    const late = { ...acceptedPush(uuidV7()), idempotency: { keyId: 'k', key: 'lane_position', fingerprint: 'f' } };
    await collections.fences.insertOne({ _id: late.id, datasetId: late.id, position: 0 });
    await expect(mongoPushLog(collections).append(late)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await positionsOf(late.datasetId)).toEqual([]);
  });

  it('gives up, and says so, when other processes take every position that it tries', async () => {
    const rival = mongoPushLog(collections);
    const datasetId = uuidV7();
    const jobs: Collections['jobs'] = Object.create(collections.jobs, {
      insertMany: {
        async value(...args: Parameters<Collections['jobs']['insertMany']>) {
          await rival.append(acceptedPush(datasetId));
          return collections.jobs.insertMany(...args);
        },
      },
    });
    const log = mongoPushLog({ ...collections, jobs });
    await expect(log.append(acceptedPush(datasetId))).rejects.toThrow('100 times in a row');
    expect(await positionsOf(datasetId)).toHaveLength(100);
    await expect(rival.append(acceptedPush(datasetId))).resolves.toMatchObject({
      kind: 'APPENDED',
      job: { position: 101 },
    });
  });

  it('refuses a job beyond the limit of jobs or bytes, and stores nothing of it', async () => {
    const log = mongoPushLog(collections);
    const datasetId = uuidV7();
    const bounded = (position: number, bytes: number) => ({ ...acceptedPush(datasetId), bound: { position, bytes } });
    const kinds = await Promise.all(
      [bounded(2, 1e6), bounded(2, 1e6), bounded(2, 1e6), bounded(9, 20)].map(
        async (one) => (await log.append(one)).kind,
      ),
    );
    expect(kinds).toEqual(['APPENDED', 'APPENDED', 'BACKLOG_FULL', 'BACKLOG_FULL']);
    expect((await mongoPushLog(collections).append(bounded(2, 1e6))).kind).toBe('BACKLOG_FULL');
    expect((await mongoPushLog(collections).append(bounded(3, 27))).kind).toBe('APPENDED');
    const jobs = await collections.jobs.find({ datasetId }).sort({ position: 1 }).toArray();
    expect(jobs.map(({ position, totalBytes }) => [position, totalBytes])).toEqual([
      [1, 9],
      [2, 18],
      [3, 27],
    ]);
  });
});
