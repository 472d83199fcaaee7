import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openMongoLanes } from '../../../test/support/mongo-lanes.js';
import { until } from '../../../test/support/until.js';
import { type JobOutcome, NO_COUNTS, NO_ERRORS, NO_FAULTS } from '../../domain/job/job.js';
import type { Group, Lease } from '../../ports/lane.js';
import { laneLeases } from './lane-leases.js';
import { mongoSmallGroups } from './small-groups.js';
import { mongoTerminations, terminateAll } from './terminations.js';

const WAITING = ['INITIALIZING', 'QUERYING_DATASOURCES', 'FILLING_ES'] as const;

describe('ends of jobs on MongoDB', () => {
  let bench: Awaited<ReturnType<typeof openMongoLanes>>;
  beforeAll(async () => {
    bench = await openMongoLanes();
  });
  afterAll(() => bench.close());

  type End = (lease: Lease, group: Group, outcome: JobOutcome) => Promise<Lease>;

  const inSteps: End = async (lease, group, outcome) =>
    bench.lanes.complete(lease, await bench.commit(lease, group, [outcome]), {}, new Date());

  const inOneStep: End = async (lease, group, outcome) => {
    const { client, db } = bench.database;
    const smallGroups = mongoSmallGroups(client, db, bench.collections, { shortage: () => null });
    const after = await smallGroups.load(lease, { group, isStored: true }, [outcome], [], new Date());
    if (!after) throw new Error('the transaction was refused');
    return after;
  };

  const documentOf = (jobId: string) => bench.collections.jobs.findOne({ _id: jobId });
  const hasMark = async (jobId: string) => (await documentOf(jobId))?.open === true;
  const unmarked = (jobId: string) => until('the mark to go', async () => !(await hasMark(jobId)));

  /** Ends the lane's only job, and does not release the lane. */
  async function endJob(datasetId: string, end = inSteps) {
    const jobId = await bench.push(datasetId);
    const accepted = await documentOf(jobId);
    const lease = await bench.held(datasetId);
    const counts = { ...NO_COUNTS, read: 1, added: 1, rows: 1 };
    const none = { netRows: 1, skipped: null, faults: NO_FAULTS, errors: NO_ERRORS };
    const outcome = { kind: 'LOADED' as const, jobId, position: 1, counts, ...none };
    return { jobId, accepted, lease: await end(lease, await bench.nextGroup(lease), outcome) };
  }

  it.each([
    ['in steps', inSteps],
    ['in one step', inOneStep],
  ])('change no field of an index when a group ends %s', async (_, end) => {
    const { jobId, accepted } = await endJob(await bench.newLane(), end);
    const before = new Map(Object.entries(accepted ?? {}));
    const after = new Map(Object.entries((await documentOf(jobId)) ?? {}));
    const fields = [...new Set([...before.keys(), ...after.keys()])];
    const changed = fields.filter((field) => !isDeepStrictEqual(before.get(field), after.get(field)));
    expect(changed.sort()).toEqual(['finishedAt', 'groupId', 'revision']);
    const indexed = (await bench.collections.jobs.indexes()).flatMap(({ key, partialFilterExpression = {} }) =>
      Object.keys({ ...key, ...partialFilterExpression }).map((path) => path.split('.')[0]),
    );
    expect(indexed).toEqual(expect.arrayContaining(['open', 'status']));
    expect(indexed.filter((field) => changed.includes(field ?? ''))).toEqual([]);
  });

  it.each([true, false])('are shown and counted when the job has its mark: %s', async (isMarked) => {
    const datasetId = await bench.newLane();
    const { jobId, lease } = await endJob(datasetId);
    if (!isMarked) {
      await bench.lanes.release(lease);
      await unmarked(jobId);
    }
    const { ledger } = bench;
    const isEnded = { id: jobId, status: 'COMPLETE', counts: { added: 1 }, waitingFor: null };
    expect(await ledger.findJob(jobId)).toMatchObject(isEnded);
    expect(await ledger.findFinal({ id: jobId, datasetId })).toMatchObject(isEnded);
    expect(await ledger.firstOpenPosition(datasetId)).toBeNull();
    expect(await ledger.countJobs({ datasetId, status: WAITING })).toBe(0);
    expect((await ledger.listJobs({ datasetId, status: WAITING, first: 5 })).nodes).toEqual([]);
    for (const others of [[], ['ERROR_EXIT'], ['ERROR_EXIT', 'TERMINATED_EXIT'], WAITING] as const) {
      expect(await ledger.countJobs({ datasetId, status: ['COMPLETE', ...others] })).toBe(1);
    }
    expect(await ledger.countJobs({ datasetId, status: ['ERROR_EXIT', 'TERMINATED_EXIT'] })).toBe(0);
  });

  it('are shown and counted when an earlier version has stored them', async () => {
    const datasetId = await bench.newLane();
    const { jobId } = await endJob(datasetId);
    await bench.collections.jobs.updateOne({ _id: jobId }, { $set: { status: 'COMPLETE' }, $unset: { open: 1 } });
    expect(await bench.ledger.findJob(jobId)).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
    expect(await bench.ledger.countJobs({ datasetId, status: ['COMPLETE'] })).toBe(1);
    expect(await bench.ledger.countJobs({ datasetId, status: WAITING })).toBe(0);
  });

  it('stay as they are when the job is terminated, or its dataset deleted, before its mark has gone', async () => {
    const datasetId = await bench.newLane();
    const { jobId } = await endJob(datasetId);
    const terminations = mongoTerminations(bench.database.client, bench.collections);
    expect(await terminations.terminate(jobId, new Date())).toBe('FINAL');
    const waiting = await bench.push(datasetId);
    await terminateAll(bench.collections, datasetId, new Date());
    expect(await bench.ledger.findJob(jobId)).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
    expect(await bench.ledger.findJob(waiting)).toMatchObject({ status: 'TERMINATED_EXIT' });
  });

  it('release many lanes when the marks of none can be taken, and the sweep takes them', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => bench.newLane()));
    const ended = await Promise.all(ids.map((id) => endJob(id)));
    const { jobs } = bench.collections;
    const failing = Object.assign(Object.create(jobs), { bulkWrite: () => Promise.reject(new Error('no primary')) });
    const leases = laneLeases({ ...bench.collections, jobs: failing });
    await Promise.all(ended.map(({ lease }) => leases.release(lease)));
    expect(await Promise.all(ended.map(({ jobId }) => hasMark(jobId)))).not.toContain(false);
    expect(await bench.lanes.orphans()).not.toEqual(expect.arrayContaining(ids));
    for (const { jobId } of ended) await unmarked(jobId);
  });
});
