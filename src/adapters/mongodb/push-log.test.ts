import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { testDatabase } from '../../../test/support/mongod.js';
import type { AcceptedPush } from '../../ports/push-log.js';
import { type Collections, collectionsOf, createIndexes } from './documents.js';
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

  function push(datasetId: string, payload: Buffer = Buffer.from('[{"a":1}]')): AcceptedPush {
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
    };
  }

  async function positionsOf(datasetId: string): Promise<number[]> {
    const jobs = await collections.jobs.find({ datasetId }).sort({ position: 1 }).toArray();
    return jobs.map((job) => job.position);
  }

  it('numbers pushes in the order they were answered in', async () => {
    const log = mongoPushLog(collections);
    const datasetId = uuidV7();
    const first = await log.append(push(datasetId));
    const second = await log.append(push(datasetId));
    expect([first.position, second.position]).toEqual([1, 2]);
    expect(first).toMatchObject({ status: 'INITIALIZING', attempts: 0, history: [{ status: 'INITIALIZING' }] });
  });

  it('leaves no gap and no double when several processes append to one lane at once', async () => {
    const logs = [mongoPushLog(collections), mongoPushLog(collections), mongoPushLog(collections)];
    const datasetId = uuidV7();
    const appended = await Promise.all(
      Array.from({ length: 300 }, (_, index) => logs[index % logs.length]?.append(push(datasetId))),
    );
    const positions = appended.map((job) => job?.position ?? 0).sort((a, b) => a - b);
    expect(positions).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(await positionsOf(datasetId)).toEqual(positions);
  });

  it('keeps the order of one process though pushes wait for each other', async () => {
    const log = mongoPushLog(collections);
    const datasetId = uuidV7();
    const pushes = Array.from({ length: 50 }, () => push(datasetId));
    const jobs = await Promise.all(pushes.map((one) => log.append(one)));
    expect(jobs.map((job) => job.position)).toEqual(pushes.map((_, index) => index + 1));
    expect(jobs.map((job) => job.id)).toEqual(pushes.map((one) => one.id));
  });

  it('gives payloads back byte for byte, also above one part of 8 MB', async () => {
    const log = mongoPushLog(collections);
    const datasetId = uuidV7();
    const large = Buffer.alloc(17 * 1024 * 1024, 'sluice');
    const payloads = [Buffer.from('[{"a":"é\\u0000"}]'), large, Buffer.from('{}')];
    const waiting = await Promise.all(
      payloads.map(async (payload) => {
        const { id } = await log.append(push(datasetId, payload));
        const job = await collections.jobs.findOne({ _id: id });
        if (!job) throw new Error('the job is not in the log');
        return { ...job, id };
      }),
    );
    const logged = await log.readPayloads(waiting);
    expect(logged.map(({ payload }, index) => payload.equals(payloads[index] ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('says so when a payload is not whole', async () => {
    const log = mongoPushLog(collections);
    const { id } = await log.append(push(uuidV7()));
    await collections.payloads.deleteOne({ _id: `${id}/0` });
    const job = await collections.jobs.findOne({ _id: id });
    await expect(log.readPayloads(job ? [{ ...job, id }] : [])).rejects.toThrow('the push log has lost part');
  });
});
