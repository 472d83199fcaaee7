import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { LOADED, REFUSED } from '../../test/support/statuses.js';
import { until } from '../../test/support/until.js';
import { RecordStoreError } from '../ports/record-store.js';
import { LaneWorker } from './lane-worker.js';

/** However slow the machine is, a group is fast. */
const NEVER_MS = 1_000_000;

describe('the lane worker', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  const numbers = async (id: string) => (await bench.rows(id)).map(({ values }) => values.c1);

  /** Throws at its first call, as if the worker had been killed there. */
  function failingOnce<A extends unknown[], R>(work: (...args: A) => Promise<R>, when: 'before' | 'after') {
    let failed = false;
    return async (...args: A): Promise<R> => {
      if (!failed && when === 'before') {
        failed = true;
        throw new Error('made to fail');
      }
      const result = await work(...args);
      if (!failed) {
        failed = true;
        throw new Error('made to fail');
      }
      return result;
    };
  }

  /** Rows are written only once a status was recorded: those of a fast group are recorded with its commit and its end. */
  function whenSlow(b: typeof bench, recordTransitions: typeof bench.lanes.recordTransitions) {
    let begun: (() => void) | undefined;
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const lanes = {
      recordTransitions: (...args: Parameters<typeof recordTransitions>) => {
        begun?.();
        return recordTransitions(...args);
      },
    };
    const writeRows: typeof b.records.writeRows = (...args) => isBegun.then(() => b.records.writeRows(...args));
    return { lanes, records: { writeRows } };
  }

  it('loads many waiting jobs in groups, and each job gets its own outcome', async () => {
    const id = await bench.dataset({ n: 1 });
    const jobs: string[] = [];
    for (let n = 0; n < 30; n += 1) jobs.push(await bench.push(id, [{ n: n % 10 === 9 ? 'x' : n }]));
    await bench.load(id);
    const statuses = await Promise.all(jobs.map(async (job) => (await bench.ledger.findJob(job))?.status));
    expect(statuses).toEqual(jobs.map((_, n) => (n % 10 === 9 ? 'ERROR_EXIT' : 'COMPLETE')));
    expect(await numbers(id)).toEqual(Array.from({ length: 30 }, (_, n) => n).filter((n) => n % 10 !== 9));
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 27, rowCount: 27 });
    expect(await bench.collections.groups.countDocuments({ datasetId: id })).toBe(1);
  });

  it.each([
    [
      'before rows are written',
      (b: typeof bench) => ({ records: { writeRows: failingOnce(b.records.writeRows, 'before') } }),
    ],
    [
      'after rows are written',
      (b: typeof bench) => ({ records: { writeRows: failingOnce(b.records.writeRows, 'after') } }),
    ],
    ['before the commit point', (b: typeof bench) => ({ lanes: { commit: failingOnce(b.lanes.commit, 'before') } })],
    ['after the commit point', (b: typeof bench) => ({ lanes: { commit: failingOnce(b.lanes.commit, 'after') } })],
    ['while a status is recorded', (b: typeof bench) => whenSlow(b, failingOnce(b.lanes.recordTransitions, 'before'))],
    ['before the end', (b: typeof bench) => ({ lanes: { complete: failingOnce(b.lanes.complete, 'before') } })],
    ['after the end', (b: typeof bench) => ({ lanes: { complete: failingOnce(b.lanes.complete, 'after') } })],
  ])('loads a group again after it failed %s: same rows, same counts, no status twice', async (_name, faults) => {
    const id = await bench.dataset({ n: 1 });
    const good = await bench.push(id, [{ n: 1 }, { n: 2 }]);
    const bad = await bench.push(id, [{ n: 'x' }]);
    const worker = new LaneWorker(bench.workerDeps(faults(bench)));
    await worker.run(id);
    expect(bench.errors.splice(0)).toMatchObject([{ message: 'made to fail' }]);
    const last = await bench.push(id, [{ n: 3 }]);
    await bench.lanes.freeAll();
    await worker.run(id);

    expect(await bench.historyOf(good)).toEqual(LOADED);
    expect(await bench.historyOf(last)).toEqual(LOADED);
    expect(await bench.historyOf(bad)).toEqual(REFUSED);
    expect(await bench.ledger.findJob(good)).toMatchObject({ counts: { read: 2, added: 2, rows: 2 } });
    expect(await numbers(id)).toEqual([1, 2, 3]);
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 3, rowCount: 3 });
    expect(bench.errors).toEqual([]);
  });

  it('reports a lease that expired while it was busy, and takes the lane again if no other worker did', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    let late = 0;
    const clock = { now: () => new Date(), monotonicMs: () => performance.now() + late };
    const commit: typeof bench.lanes.commit = async (...args) => {
      const committed = await bench.lanes.commit(...args);
      late = 60_000;
      return committed;
    };
    bench.woken.length = 0;
    await new LaneWorker({ ...bench.workerDeps({ lanes: { commit } }), clock }).run(id);
    expect(bench.errors.splice(0)).toMatchObject([{ message: expect.stringContaining('no other worker') }]);
    expect(bench.woken).toEqual([id]);
    await bench.load(id);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 2 });
    expect(bench.errors).toEqual([]);
  });

  it('reports the error that ended its turn, and also a failed release', async () => {
    const id = await bench.dataset({ n: 1 });
    await bench.push(id, [{ n: 1 }]);
    const failing = (message: string) => async () => {
      throw new Error(message);
    };
    const lanes = { commit: failing('the commit fails'), release: failing('so does the release') };
    await bench.load(id, { lanes });
    const messages = bench.errors.splice(0).map((error) => (error as Error).message);
    expect(messages).toEqual(['the commit fails', 'so does the release']);
  });

  it('leaves out a job that is terminated before the commit point, in any phase', async () => {
    const id = await bench.dataset({ n: 1 });
    const jobs = [
      await bench.push(id, [{ n: 1 }]),
      await bench.push(id, [{ n: 2 }]),
      await bench.push(id, [{ n: 'x' }]),
    ];
    const toEnd = jobs.slice(1);
    const commit: typeof bench.lanes.commit = async (...args) => {
      expect((await bench.ledger.findJob(jobs[0] ?? ''))?.status).toBe('QUERYING_DATASOURCES');
      for (const job of toEnd.splice(0)) expect(await bench.terminations.terminate(job, new Date())).toBe('TERMINATED');
      return bench.lanes.commit(...args);
    };
    await bench.load(id, { lanes: { commit } }, { storeStatusesAfterMs: NEVER_MS });
    expect(await numbers(id)).toEqual([1]);
    expect(await bench.historyOf(jobs[0] ?? '')).toEqual(LOADED);
    // Nobody was shown the statuses that such a fast group has passed since.
    const ended = ['INITIALIZING', 'QUERYING_DATASOURCES', 'TERMINATED_EXIT'];
    expect([await bench.historyOf(jobs[1] ?? ''), await bench.historyOf(jobs[2] ?? '')]).toEqual([ended, ended]);
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 1 });
  });

  it('shows the statuses of a slow group while it works, and a job that is then terminated keeps them', async () => {
    const id = await bench.dataset({ n: 1 }, { mismatchPolicy: 'QUARANTINE' });
    const jobs = [await bench.push(id, [{ n: 1 }]), await bench.push(id, [{ n: 'x' }])];
    const [good = '', bad = ''] = jobs;
    const isShown = (status: string) =>
      until(status, async () => (await bench.ledger.findJob(good))?.status === status);
    const countBefore: typeof bench.quarantine.countBefore = async (...args) => {
      await isShown('JOINING');
      await bench.terminations.terminate(bad, new Date());
      return bench.quarantine.countBefore(...args);
    };
    const writeRows: typeof bench.records.writeRows = async (...args) => {
      await isShown('FILLING_ES');
      return bench.records.writeRows(...args);
    };
    await bench.load(id, { records: { writeRows } }, { quarantine: { ...bench.quarantine, countBefore } });
    expect(await bench.historyOf(good)).toEqual(LOADED);
    expect(await bench.historyOf(bad)).toEqual([...LOADED.slice(0, 5), 'TERMINATED_EXIT']);
    expect(bench.errors).toEqual([]);
  });

  it('refuses to terminate a job after its commit point', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    const writeRows: typeof bench.records.writeRows = async (...args) => {
      expect(await bench.terminations.terminate(job, new Date())).toBe('COMMITTED');
      return bench.records.writeRows(...args);
    };
    await bench.load(id, { records: { writeRows } });
    expect((await bench.ledger.findJob(job))?.status).toBe('COMPLETE');
    expect(await bench.terminations.terminate(job, new Date())).toBe('FINAL');
    expect(bench.errors).toEqual([]);
  });

  it('ends each job exactly once when terminations race with loads', async () => {
    const id = await bench.dataset({ n: 1 });
    const jobs: string[] = [];
    for (let n = 0; n < 40; n += 1) jobs.push(await bench.push(id, [{ n }]));
    const worker = new LaneWorker(bench.workerDeps());
    const [, ...results] = await Promise.all([
      worker.run(id),
      ...jobs.map((job) => bench.terminations.terminate(job, new Date())),
    ]);
    await worker.run(id);
    const left = jobs.map((_, n) => n).filter((n) => results[n] !== 'TERMINATED');
    expect(await numbers(id)).toEqual(left);
    const statuses = await Promise.all(jobs.map(async (job) => (await bench.ledger.findJob(job))?.status));
    expect(statuses).toEqual(results.map((result) => (result === 'TERMINATED' ? 'TERMINATED_EXIT' : 'COMPLETE')));
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: left.length });
    expect(bench.errors).toEqual([]);
  });

  it('does not touch a lane that another worker owns', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    const lease = await bench.lanes.acquire(id, 'another', 60_000);
    await bench.load(id);
    expect((await bench.ledger.findJob(job))?.status).toBe('INITIALIZING');
    if (lease) await bench.lanes.release(lease);
    await bench.load(id);
    expect((await bench.ledger.findJob(job))?.status).toBe('COMPLETE');
  });

  it('stops without reporting an error when another worker has taken its lane', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    const takeOver = async () => {
      await bench.collections.datasets.updateOne({ _id: id }, { $inc: { 'lane.runToken': 1 } });
      throw new RecordStoreError('UNAVAILABLE', 'made to fail');
    };
    const deps = bench.workerDeps({ records: { writeRows: takeOver } });
    await new LaneWorker({ ...deps, leaseMs: 1_500 }).run(id);
    expect(bench.errors).toEqual([]);
    expect((await bench.ledger.findJob(job))?.status).toBe('FILLING_ES');
  });
});
