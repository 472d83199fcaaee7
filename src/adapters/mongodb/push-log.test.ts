import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Filter, type FindOptions, MongoClient } from 'mongodb';
import { v7 as uuidV7 } from 'uuid';
import { testDatabase } from '../../../test/support/mongod.js';
import type { Job, LaneJob } from '../../domain/job/job.js';
import type { AcceptedJob, PushLog } from '../../ports/push-log.js';
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

  function push(datasetId: string, payload: Buffer = Buffer.from('[{"a":1}]')): AcceptedJob {
    const acceptedAt = new Date();
    const form = 'RECORDS';
    return {
      id: uuidV7(),
      datasetId,
      kind: 'PUSH',
      method: 'REPLACE',
      form,
      payload,
      recordCount: 1,
      acceptedAt,
      requestedBy: 'test',
      finalBefore: 0,
      idempotency: null,
      bound: { position: 1e9, bytes: 1e12 },
    };
  }

  async function appended(log: PushLog | undefined, one: AcceptedJob): Promise<Job> {
    const result = await log?.append(one);
    if (result?.kind !== 'APPENDED') throw new Error('it was not appended');
    return result.job;
  }

  async function positionsOf(datasetId: string): Promise<number[]> {
    const jobs = await collections.jobs.find({ datasetId }).sort({ position: 1 }).toArray();
    return jobs.map((job) => job.position);
  }

  it('numbers pushes in the order of their responses', async () => {
    const log = mongoPushLog(collections);
    const datasetId = uuidV7();
    const first = await appended(log, push(datasetId));
    const second = await appended(log, push(datasetId));
    expect([first.position, second.position]).toEqual([1, 2]);
    expect(first).toMatchObject({ status: 'INITIALIZING', attempts: 0, history: [{ status: 'INITIALIZING' }] });
  });

  it('leaves no gap and no double when several processes append to one lane at the same time', async () => {
    const logs = [mongoPushLog(collections), mongoPushLog(collections), mongoPushLog(collections)];
    const datasetId = uuidV7();
    const jobs = await Promise.all(
      Array.from({ length: 300 }, (_, index) => appended(logs[index % logs.length], push(datasetId))),
    );
    const positions = jobs.map((job) => job.position).sort((a, b) => a - b);
    expect(positions).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(await positionsOf(datasetId)).toEqual(positions);
  });

  it('keeps the order of one process even if pushes wait for each other', async () => {
    const log = mongoPushLog(collections);
    const datasetId = uuidV7();
    const pushes = Array.from({ length: 50 }, () => push(datasetId));
    const jobs = await Promise.all(pushes.map((one) => appended(log, one)));
    expect(jobs.map((job) => job.position)).toEqual(pushes.map((_, index) => index + 1));
    expect(jobs.map((job) => job.id)).toEqual(pushes.map((one) => one.id));
  });

  /** Appends payloads, and returns their jobs as the loader gets them. */
  async function waitingJobs(log: PushLog, payloads: readonly Buffer[]): Promise<LaneJob[]> {
    const datasetId = uuidV7();
    return Promise.all(
      payloads.map(async (payload) => {
        const { id } = await appended(log, push(datasetId, payload));
        const job = await collections.jobs.findOne({ _id: id });
        if (!job) throw new Error('the job is not in the log');
        return { ...job, id };
      }),
    );
  }

  it('returns payloads byte for byte, also above one part of 8 MB, from memory and from the log', async () => {
    const large = Buffer.alloc(17 * 1024 * 1024, 'sluice');
    const payloads = [Buffer.from('[{"a":"é\\u0000"}]'), large, Buffer.from('{}'), Buffer.alloc(100_000, 'b')];
    const log = mongoPushLog(collections);
    const waiting = await waitingJobs(log, payloads);
    for (const reader of [log, mongoPushLog(collections)]) {
      const logged = await reader.readPayloads(waiting);
      expect(logged.map(({ payload }, index) => payloads[index]?.equals(payload))).toEqual(payloads.map(() => true));
    }
  });

  it('reads payloads in replies of about 1 MB, because a reply holds up the event loop, and many small ones in one', async () => {
    const client = await new MongoClient(database.url, { monitorCommands: true }).connect();
    try {
      const other = mongoPushLog(collectionsOf(client.db()));
      const read = async (payloads: readonly Buffer[]) => {
        const waiting = await waitingJobs(mongoPushLog(collections), payloads);
        const replies: number[] = [];
        client.removeAllListeners('commandSucceeded').on('commandSucceeded', ({ reply }) => {
          const { firstBatch, nextBatch } = (reply as { cursor: { firstBatch?: object[]; nextBatch?: object[] } })
            .cursor;
          replies.push((firstBatch ?? nextBatch ?? []).length);
        });
        const found = await other.readPayloads(waiting);
        expect(found.every(({ payload }, index) => payloads[index]?.equals(payload))).toBe(true);
        return replies;
      };
      const many = (count: number, bytes: number) =>
        Array.from({ length: count }, (_, n) => Buffer.alloc(bytes, `${n}`));
      expect(await read(many(6, 1_000_000))).toEqual([1, 1, 1, 1, 1, 1, 0]);
      expect(await read(many(6, 300_000))).toEqual([3, 3, 0]);
      expect(await read(many(1, 5_000_000))).toEqual([1]);
      expect(await read(many(300, 200))).toEqual([300]);
      // Small payloads are stored with their jobs, the others in parts of their own.
      const mixed = [200, 100_000, 5_000_000, 200, 100_000].map((bytes, n) => Buffer.alloc(bytes, `${n}`));
      expect((await read(mixed)).toSorted()).toEqual([0, 1, 1, 1, 2]);
    } finally {
      await client.close();
    }
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
    for (let n = 0; n < 3; n += 1) await appended(log, push(datasetId));
    expect(reads).toBe(1);
    await appended(mongoPushLog(collections), push(datasetId));
    for (let n = 0; n < 3; n += 1) await appended(log, push(datasetId));
    expect(reads).toBe(4);
    expect(await positionsOf(datasetId)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('appends only one of many requests with the same key, from several processes at the same time, and continues without a gap', async () => {
    const logs = [mongoPushLog(collections), mongoPushLog(collections)];
    const datasetId = uuidV7();
    const idempotency = (key: string, keyId = 'k') => ({ keyId, key, fingerprint: 'f' });
    const requests = Array.from({ length: 60 }, (_, n) => ({
      ...push(datasetId),
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
          ...push(datasetId),
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
    const late = { ...push(uuidV7()), idempotency: { keyId: 'k', key: 'lane_position', fingerprint: 'f' } };
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
          await rival.append(push(datasetId));
          return collections.jobs.insertMany(...args);
        },
      },
    });
    const log = mongoPushLog({ ...collections, jobs });
    await expect(log.append(push(datasetId))).rejects.toThrow('100 times in a row');
    expect(await positionsOf(datasetId)).toHaveLength(100);
    await expect(rival.append(push(datasetId))).resolves.toMatchObject({ kind: 'APPENDED', job: { position: 101 } });
  });

  it('refuses a job beyond the limit of jobs or bytes, and stores nothing of it', async () => {
    const log = mongoPushLog(collections);
    const datasetId = uuidV7();
    const bounded = (position: number, bytes: number) => ({ ...push(datasetId), bound: { position, bytes } });
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

  it('throws if a payload is incomplete', async () => {
    const log = mongoPushLog(collections);
    const [large, small] = [Buffer.alloc(20_000, ' '), Buffer.from('[{"a":1}]')];
    for (const [payload, fault] of [
      [large, 'the push log has lost part'],
      [small, 'the push log has lost the payload'],
    ] as const) {
      const { id } = await appended(log, push(uuidV7(), payload));
      await collections.payloads.deleteOne({ _id: `${id}/0` });
      const job = await collections.jobs.findOneAndDelete({ _id: id });
      const another = mongoPushLog(collections);
      await expect(another.readPayloads(job ? [{ ...job, id }] : [])).rejects.toThrow(fault);
    }
  });

  it.each([10, 20_000])('does not read back a payload of %d bytes that it has just accepted', async (bytes) => {
    const unreadable = (collection: object) =>
      Object.create(collection, {
        find: {
          value() {
            throw new Error('read back');
          },
        },
      });
    const [bodies, payloads] = [unreadable(collections.bodies), unreadable(collections.payloads)];
    const log = mongoPushLog({ ...collections, bodies, payloads });
    const payload = Buffer.alloc(bytes, ' ');
    const { id } = await appended(log, push(uuidV7(), payload));
    const job = await collections.jobs.findOne({ _id: id });
    const read = () => log.readPayloads(job ? [{ ...job, id }] : []);
    expect(await read()).toMatchObject([{ payload }]);
    await expect(read()).rejects.toThrow('read back');
  });

  it('stores a small payload with its job, in one write, and a larger one in parts', async () => {
    const log = mongoPushLog(collections);
    const partsAndBody = async (payload: Buffer) => {
      const { id } = await appended(log, push(uuidV7(), payload));
      const [job] = await collections.bodies.find({ _id: id }).toArray();
      const parts = await collections.payloads.countDocuments({ _id: { $gte: `${id}/`, $lt: `${id}0` } });
      return [parts, job?.body?.bytes.length() ?? null];
    };
    expect(await partsAndBody(Buffer.alloc(16_384, ' '))).toEqual([0, 16_384]);
    expect(await partsAndBody(Buffer.alloc(16_385, ' '))).toEqual([1, null]);
    expect(await partsAndBody(Buffer.alloc(0))).toEqual([0, 0]);
  });
});
