import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptedPush, appended } from '../../../test/support/accepted-push.js';
import { BOUNDS, openMongoLanes } from '../../../test/support/mongo-lanes.js';
import { until } from '../../../test/support/until.js';
import { type JobOutcome, NO_COUNTS, NO_ERRORS, NO_FAULTS } from '../../domain/job/job.js';
import type { Lease } from '../../ports/lane.js';
import { mongoPushLog } from './push-log.js';
import { mongoTerminations, terminateAll } from './terminations.js';
import { orphanedLanes } from './waiting-lanes.js';

const WAITING = ['INITIALIZING'] as const;

describe('marks of jobs on MongoDB', () => {
  let bench: Awaited<ReturnType<typeof openMongoLanes>>;
  beforeAll(async () => {
    bench = await openMongoLanes();
  });
  afterAll(() => bench.close());

  /** A lane with five jobs: the first is appended alone, the others together while that is written. */
  async function laneOfFive(): Promise<{ datasetId: string; ids: string[] }> {
    const datasetId = await bench.newLane();
    const log = mongoPushLog(bench.collections);
    const push = () => appended(log, acceptedPush(datasetId, Buffer.from('{}')));
    const jobs = await Promise.all(Array.from({ length: 5 }, push));
    return { datasetId, ids: jobs.map(({ id }) => id) };
  }

  async function marksOf(datasetId: string) {
    const found = await bench.collections.jobs.find({ datasetId, open: true }).sort({ position: 1 }).toArray();
    return found.map(({ position, openThrough = position }) => [position, openThrough]);
  }

  /** Loads the first jobs of the lane that have not ended, at most so many, and does not release it. */
  async function load(lease: Lease, maxRecords: number): Promise<Lease> {
    const taken = await bench.lanes.nextGroup(lease, { ...BOUNDS, maxRecords }, new Date());
    if (!taken) throw new Error('no job waits');
    const jobs = await bench.lanes.jobsOf(taken.group);
    const outcomes = jobs.map(({ id: jobId, position }): JobOutcome => {
      const none = { netRows: 0, skipped: null, faults: NO_FAULTS, errors: NO_ERRORS };
      return { kind: 'LOADED', jobId, position, counts: NO_COUNTS, ...none };
    });
    return bench.lanes.complete(lease, await bench.commit(lease, taken.group, outcomes), {}, new Date());
  }

  const becomes = (datasetId: string, marks: number[][]) =>
    until('the marks', async () => JSON.stringify(await marksOf(datasetId)) === JSON.stringify(marks));

  it('are one for all jobs that are appended together, and stay until the last of these is final', async () => {
    const { datasetId } = await laneOfFive();
    expect(await marksOf(datasetId)).toEqual([
      [1, 1],
      [2, 5],
    ]);
    let lease = await load(await bench.held(datasetId), 4);
    await bench.lanes.release(lease);
    await becomes(datasetId, [[2, 5]]);
    expect(await bench.lanes.orphans()).toContain(datasetId);
    expect(await bench.ledger.firstOpenPosition(datasetId)).toBe(5);

    lease = await load(await bench.held(datasetId), 4);
    await bench.lanes.release(lease);
    await becomes(datasetId, []);
    expect(await bench.lanes.orphans()).not.toContain(datasetId);
  });

  it('show every job that waits in lists and counts, also those without a mark', async () => {
    const { datasetId, ids } = await laneOfFive();
    const newestFirst = ids.toReversed();
    for (const ofOne of [{ datasetId }, {}]) {
      const { nodes } = await bench.ledger.listJobs({ ...ofOne, status: WAITING, first: 1_000 });
      expect(nodes.filter((job) => job.datasetId === datasetId).map(({ id }) => id)).toEqual(newestFirst);
    }
    const before = await bench.ledger.countJobs({ status: WAITING });
    expect(await bench.ledger.countJobs({ datasetId, status: WAITING })).toBe(5);
    await load(await bench.held(datasetId), 3);
    expect(await bench.ledger.countJobs({ datasetId, status: WAITING })).toBe(2);
    expect(await bench.ledger.countJobs({ status: WAITING })).toBe(before - 3);
    expect(await bench.ledger.countJobs({ datasetId, status: [...WAITING, 'COMPLETE'] })).toBe(5);
  });

  it('stay when the job that has one is terminated and others wait', async () => {
    const { datasetId, ids } = await laneOfFive();
    await bench.lanes.release(await load(await bench.held(datasetId), 1));
    await becomes(datasetId, [[2, 5]]);
    const terminations = mongoTerminations(bench.database.client, bench.collections);
    expect(await terminations.terminate(ids[1] ?? '', new Date())).toBe('TERMINATED');
    expect(await marksOf(datasetId)).toEqual([[2, 5]]);
    expect(await bench.lanes.orphans()).toContain(datasetId);
    await bench.lanes.release(await load(await bench.held(datasetId), 5));
    await becomes(datasetId, []);
    expect(await bench.ledger.countJobs({ datasetId, status: ['COMPLETE'] })).toBe(4);
  });

  it('all go when the jobs of a deleted dataset end', async () => {
    const { datasetId } = await laneOfFive();
    await load(await bench.held(datasetId), 3);
    await terminateAll(bench.collections, datasetId, new Date());
    expect(await marksOf(datasetId)).toEqual([]);
    expect(await bench.ledger.countJobs({ datasetId, status: ['TERMINATED_EXIT'] })).toBe(2);
  });

  it('go when the lanes that wait are looked for, if a crash has left them', async () => {
    const { datasetId } = await laneOfFive();
    await load(await bench.held(datasetId), 5);
    await bench.lanes.freeAll();
    expect(await marksOf(datasetId)).toHaveLength(2);
    expect(await bench.lanes.orphans()).not.toContain(datasetId);
    expect(await marksOf(datasetId)).toEqual([]);
  });

  it('keep no lane that waits from being found if they cannot be taken from another', async () => {
    const [idle, waiting] = [await laneOfFive(), await laneOfFive()];
    await load(await bench.held(idle.datasetId), 5);
    await bench.lanes.freeAll();
    const { jobs } = bench.collections;
    const failing = Object.assign(Object.create(jobs), { bulkWrite: () => Promise.reject(new Error('no primary')) });
    const found = await orphanedLanes({ ...bench.collections, jobs: failing });
    expect(found).toContain(waiting.datasetId);
    expect(found).not.toContain(idle.datasetId);
    expect(await marksOf(idle.datasetId)).toHaveLength(2);
  });

  it('stay when a lane is released by a run that has ended nothing', async () => {
    const { datasetId } = await laneOfFive();
    await load(await bench.held(datasetId), 5);
    await bench.lanes.freeAll();
    await bench.lanes.release(await bench.held(datasetId, 'next'));
    expect(await marksOf(datasetId)).toHaveLength(2);
  });

  it('are those of the rest when an append stops in the middle, because a key was taken', async () => {
    const datasetId = await bench.newLane();
    const log = mongoPushLog(bench.collections);
    const idempotency = { keyId: 'k', key: 'same', fingerprint: 'f' };
    const pushes = [null, null, idempotency, idempotency, null, null].map((key) =>
      log.append({ ...acceptedPush(datasetId), idempotency: key }),
    );
    const kinds = (await Promise.all(pushes)).map(({ kind }) => kind);
    expect(kinds).toEqual(['APPENDED', 'APPENDED', 'APPENDED', 'KNOWN', 'APPENDED', 'APPENDED']);
    await becomes(datasetId, [
      [1, 1],
      [2, 3],
      [4, 5],
    ]);
  });

  it('are there for each job that is not a push, by which it is found', async () => {
    const datasetId = await bench.newLane();
    const log = mongoPushLog(bench.collections);
    const kinds = ['PUSH', 'PUSH', 'RELOAD', 'PUSH', 'TRIAL'] as const;
    await Promise.all(kinds.map((kind) => appended(log, { ...acceptedPush(datasetId), kind })));
    expect(await marksOf(datasetId)).toEqual([
      [1, 1],
      [2, 5],
      [3, 3],
      [5, 5],
    ]);
    expect(await bench.ledger.openJob(datasetId, 'RELOAD')).toMatchObject({ position: 3 });
    expect(await bench.ledger.openJob(datasetId, 'TRIAL')).toMatchObject({ position: 5 });
    expect(await bench.ledger.openJob(datasetId, 'REBUILD')).toBeNull();
  });

  it('wake no lane for jobs that a crash kept from being appended, and cover those that come later', async () => {
    const { datasetId, ids } = await laneOfFive();
    // As if the process had ended while it appended seven.
    await bench.collections.jobs.updateOne({ _id: ids[1] ?? '' }, { $set: { openThrough: 8 } });
    await bench.lanes.release(await load(await bench.held(datasetId), 5));
    await becomes(datasetId, [[2, 8]]);
    expect(await bench.lanes.orphans()).not.toContain(datasetId);
    for (const _ of ids.slice(0, 3)) await bench.push(datasetId);
    expect(await bench.lanes.orphans()).toContain(datasetId);
    await bench.lanes.release(await load(await bench.held(datasetId), 5));
    await becomes(datasetId, []);
  });

  it('are those of every job that an earlier version has accepted', async () => {
    const { datasetId } = await laneOfFive();
    await bench.collections.jobs.updateMany({ datasetId }, { $set: { open: true }, $unset: { openThrough: 1 } });
    await bench.lanes.release(await load(await bench.held(datasetId), 3));
    await becomes(datasetId, [
      [4, 4],
      [5, 5],
    ]);
    expect(await bench.lanes.orphans()).toContain(datasetId);
    await bench.lanes.release(await load(await bench.held(datasetId), 3));
    await becomes(datasetId, []);
  });
});
