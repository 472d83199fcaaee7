import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { v7 as uuidV7 } from 'uuid';
import { acceptedPush, appended } from '../../../test/support/accepted-push.js';
import { testDatabase } from '../../../test/support/mongod.js';
import type { LaneJob } from '../../domain/job/job.js';
import type { PushLog } from '../../ports/push-log.js';
import { type Collections, collectionsOf } from './collections.js';
import { createIndexes } from './indexes.js';
import { mongoPushLog } from './push-log.js';

describe('the payloads of the push log on MongoDB', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let collections: Collections;
  beforeAll(async () => {
    database = await testDatabase();
    collections = collectionsOf(database.db);
    await createIndexes(collections);
  });
  afterAll(() => database.close());

  /** Appends payloads, and returns their jobs as the loader gets them. */
  async function waitingJobs(log: PushLog, payloads: readonly Buffer[]): Promise<LaneJob[]> {
    const datasetId = uuidV7();
    return Promise.all(
      payloads.map(async (payload) => {
        const { id } = await appended(log, acceptedPush(datasetId, payload));
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

  it('reads large payloads in replies of at most 1 MB, or one payload, and many small ones in one', async () => {
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
      expect(await read(many(6, 1_000_000))).toEqual([1, 1, 1, 1, 1, 1]);
      expect(await read(many(6, 300_000))).toEqual([3, 3]);
      expect(await read(many(1, 5_000_000))).toEqual([1]);
      expect(await read(many(300, 200))).toEqual([300]);
      const sizes = [100_000, 900_000, 5_000_000, 100_000, 10_000_000, 100_000];
      // The payload of 10 MB has two parts.
      expect(await read(sizes.map((bytes, n) => Buffer.alloc(bytes, `${n}`)))).toEqual([2, 1, 1, 1, 1, 1]);
    } finally {
      await client.close();
    }
  });

  it('throws if a payload is incomplete', async () => {
    const log = mongoPushLog(collections);
    const [large, small] = [Buffer.alloc(20_000, ' '), Buffer.from('[{"a":1}]')];
    for (const [payload, fault] of [
      [large, 'the push log has lost part'],
      [small, 'the push log has lost the payload'],
    ] as const) {
      const { id } = await appended(log, acceptedPush(uuidV7(), payload));
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
    const { id } = await appended(log, acceptedPush(uuidV7(), payload));
    const job = await collections.jobs.findOne({ _id: id });
    const read = () => log.readPayloads(job ? [{ ...job, id }] : []);
    expect(await read()).toMatchObject([{ payload }]);
    await expect(read()).rejects.toThrow('read back');
  });

  it('stores a small payload with its job, in one write, and a larger one in parts', async () => {
    const log = mongoPushLog(collections);
    const partsAndBody = async (payload: Buffer) => {
      const { id } = await appended(log, acceptedPush(uuidV7(), payload));
      const [job] = await collections.bodies.find({ _id: id }).toArray();
      const parts = await collections.payloads.countDocuments({ _id: { $gte: `${id}/`, $lt: `${id}0` } });
      return [parts, job?.body?.bytes.length() ?? null];
    };
    expect(await partsAndBody(Buffer.alloc(16_384, ' '))).toEqual([0, 16_384]);
    expect(await partsAndBody(Buffer.alloc(16_385, ' '))).toEqual([1, null]);
    expect(await partsAndBody(Buffer.alloc(0))).toEqual([0, 0]);
  });
});
