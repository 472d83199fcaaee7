import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BOUNDS, openMongoLanes } from '../../../test/support/mongo-lanes.js';
import { NO_COUNTS, NO_ERRORS, NO_FAULTS } from '../../domain/job/job.js';
import type { Lease } from '../../ports/lane.js';
import { mongoTerminations } from './terminations.js';

describe('ends of jobs on MongoDB', () => {
  let bench: Awaited<ReturnType<typeof openMongoLanes>>;
  beforeAll(async () => {
    bench = await openMongoLanes();
  });
  afterAll(() => bench.close());

  const documentOf = (jobId: string) => bench.collections.jobs.findOne({ _id: jobId });

  /** Ends the lane's only job, and does not release the lane. */
  async function endJob(datasetId: string): Promise<{ jobId: string; lease: Lease; accepted: object }> {
    const jobId = await bench.push(datasetId);
    const accepted = (await documentOf(jobId)) ?? {};
    const lease = await bench.held(datasetId);
    const counts = { ...NO_COUNTS, read: 1, added: 1, rows: 1 };
    const none = { netRows: 1, skipped: null, faults: NO_FAULTS, errors: NO_ERRORS };
    const outcome = { kind: 'LOADED' as const, jobId, position: 1, counts, ...none };
    const group = await bench.commit(lease, await bench.nextGroup(lease), [outcome]);
    return { jobId, lease: await bench.lanes.complete(lease, group, {}, new Date()), accepted };
  }

  it('change no field of an index until the lane is released', async () => {
    const datasetId = await bench.newLane();
    const { jobId, lease, accepted } = await endJob(datasetId);
    const ended = await documentOf(jobId);
    const changed = Object.keys({ ...accepted, ...ended }).filter(
      (field) => !(field in accepted && field in (ended ?? {})),
    );
    expect(changed.sort()).toEqual(['finishedAt', 'groupId', 'revision']);
    const indexed = (await bench.collections.jobs.indexes()).flatMap(({ key, partialFilterExpression = {} }) =>
      Object.keys({ ...key, ...partialFilterExpression }).map((path) => path.split('.')[0]),
    );
    expect(indexed).toEqual(expect.arrayContaining(['open', 'status']));
    expect(indexed.filter((field) => changed.includes(field ?? ''))).toEqual([]);
    await bench.lanes.release(lease);
    expect(await documentOf(jobId)).not.toHaveProperty('open');
  });

  it('count at once, although the job has kept its mark', async () => {
    const datasetId = await bench.newLane();
    const { jobId } = await endJob(datasetId);
    const { ledger } = bench;
    const isEnded = { id: jobId, status: 'COMPLETE', counts: { added: 1 }, waitingFor: null };
    expect(await ledger.findJob(jobId)).toMatchObject(isEnded);
    expect(await ledger.findFinal({ id: jobId, datasetId })).toMatchObject(isEnded);
    expect(await ledger.firstOpenPosition(datasetId)).toBeNull();
    expect(await ledger.openJob(datasetId, 'PUSH')).toBeNull();
    const waiting = ['INITIALIZING', 'QUERYING_DATASOURCES', 'FILLING_ES'] as const;
    expect(await ledger.countJobs({ datasetId, status: waiting })).toBe(0);
    expect((await ledger.listJobs({ datasetId, status: waiting, first: 5 })).nodes).toEqual([]);
    for (const others of [[], ['ERROR_EXIT'], ['ERROR_EXIT', 'TERMINATED_EXIT'], waiting] as const) {
      expect(await ledger.countJobs({ datasetId, status: ['COMPLETE', ...others] })).toBe(1);
    }
    expect(await ledger.countJobs({ datasetId, status: ['ERROR_EXIT', 'TERMINATED_EXIT'] })).toBe(0);
    const terminations = mongoTerminations(bench.database.client, bench.collections);
    expect(await terminations.terminate(jobId, new Date())).toBe('FINAL');
    expect(await documentOf(jobId)).not.toHaveProperty('terminated');
  });

  it('show a mark that a crash has left as a lane that waits, until the lane is released once more', async () => {
    const datasetId = await bench.newLane();
    const { jobId } = await endJob(datasetId);
    await bench.lanes.freeAll();
    expect(await bench.lanes.orphans()).toContain(datasetId);
    const next = await bench.held(datasetId, 'next');
    expect(await bench.lanes.nextGroup(next, BOUNDS, new Date())).toBeNull();
    await bench.lanes.release(next);
    expect(await documentOf(jobId)).not.toHaveProperty('open');
    expect(await bench.lanes.orphans()).not.toContain(datasetId);
  });

  it('leave the marks of jobs that wait', async () => {
    const datasetId = await bench.newLane();
    const { lease } = await endJob(datasetId);
    const waiting = await bench.push(datasetId);
    await bench.lanes.release(lease);
    expect(await documentOf(waiting)).toHaveProperty('open', true);
    expect(await bench.ledger.firstOpenPosition(datasetId)).toBe(2);
    expect(await bench.lanes.orphans()).toContain(datasetId);
  });
});
