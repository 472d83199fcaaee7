import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { LOADED } from '../../test/support/statuses.js';
import { until } from '../../test/support/until.js';
import { RecordStoreError } from '../ports/record-store.js';
import type { SmallGroups } from '../ports/small-groups.js';
import type { LoadDeps } from './group-run.js';
import { HeldLease } from './held-lease.js';
import { LaneWorker, type LaneWorkerDeps } from './lane-worker.js';
import { OneStep } from './one-step.js';

const BOUNDS = {
  maxJobs: 10,
  maxRecords: 100,
  maxBytes: 1_000,
  splitAfter: 2,
  setApart: { after: 8, restMs: 1_000 },
};

describe('a small group of new records', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** What a worker needs. The store's and the lanes' own methods are watched, and not made to fail. */
  function depsWith(
    smallGroups: Partial<SmallGroups> = {},
    { lanes = {}, records = {}, isSlow = false }: { lanes?: object; records?: object; isSlow?: boolean } = {},
  ): LaneWorkerDeps {
    const deps = bench.workerDeps();
    if (!deps.smallGroups) throw new Error('the rows are not in the database of the ledger');
    return {
      ...deps,
      // However slow the machine is, the group is fast.
      ...(!isSlow && { storeStatusesAfterMs: 1_000_000 }),
      smallGroups: { ...deps.smallGroups, ...smallGroups },
      lanes: { ...deps.lanes, ...lanes },
      records: { ...deps.records, ...records },
    };
  }

  const small = (): SmallGroups['load'] => {
    const { smallGroups } = bench.workerDeps();
    return async (...args) => (await smallGroups?.load(...args)) ?? null;
  };
  const numbers = async (id: string) => (await bench.rows(id)).map(({ values }) => values.c1);

  /** A dataset whose records are identified by `k`. */
  async function identified(): Promise<string> {
    const id = await bench.dataset({ k: 'a', n: 1 });
    const columns = [{ id: 'k', uniqueIdentifier: true }];
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns }, CALLER);
    await bench.useCases.applyChanges(id, CALLER);
    await bench.load(id);
    return id;
  }

  it('is committed, stored and ended in one transaction', async () => {
    const id = await bench.dataset({ n: 1 });
    const jobs = [await bench.push(id, [{ n: 1 }, { n: 2 }]), await bench.push(id, [{ n: 3 }])];
    const never = async () => {
      throw new Error('the long way');
    };
    await new LaneWorker(depsWith({}, { lanes: { commit: never, complete: never } })).run(id);
    for (const job of jobs) {
      expect(await bench.historyOf(job)).toEqual(LOADED);
      expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1 });
      expect(await bench.terminations.terminate(job, new Date())).toBe('FINAL');
    }
    expect(await bench.ledger.findJob(jobs[0] ?? '')).toMatchObject({ counts: { read: 2, added: 2, rows: 2 } });
    expect(await numbers(id)).toEqual([1, 2, 3]);
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 3, rowCount: 3 });
    expect(bench.errors).toEqual([]);
  });

  it.each(['before', 'after'] as const)('is loaded exactly once when its worker fails %s its end', async (when) => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }, { n: 2 }]);
    let failed = false;
    const load: SmallGroups['load'] = async (...args) => {
      if (when === 'after') await small()(...args);
      failed = true;
      throw new Error('made to fail');
    };
    await new LaneWorker(depsWith({ load })).run(id);
    expect([failed, bench.errors.splice(0)]).toMatchObject([true, [{ message: 'made to fail' }]]);
    const shown = await bench.historyOf(job);
    expect(shown).toEqual(when === 'after' ? LOADED : ['INITIALIZING']);
    await bench.lanes.freeAll();
    await bench.loadAll(id, depsWith());
    expect(await bench.historyOf(job)).toEqual(LOADED);
    expect(await numbers(id)).toEqual([1, 2]);
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 2, rowCount: 2 });
    expect(bench.errors).toEqual([]);
  });

  it('loads without a job that is terminated before its end', async () => {
    const id = await bench.dataset({ n: 1 });
    const [ended, kept] = [await bench.push(id, [{ n: 1 }]), await bench.push(id, [{ n: 2 }])];
    let results: unknown[] = [];
    const load: SmallGroups['load'] = async (...args) => {
      results = [await bench.terminations.terminate(ended, new Date()), await small()(...args)];
      return null;
    };
    await bench.loadAll(id, depsWith({ load }));
    expect(results).toEqual(['TERMINATED', null]);
    expect(await bench.historyOf(ended)).toEqual(['INITIALIZING', 'TERMINATED_EXIT']);
    expect(await bench.historyOf(kept)).toEqual(LOADED);
    expect(await numbers(id)).toEqual([2]);
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 1, rowCount: 1 });
    expect(bench.errors).toEqual([]);
  });

  it.each(['its rows are large', 'its lane was interrupted'])('takes the long way when %s', async (when) => {
    const id = await bench.dataset({ n: 1 });
    if (when === 'its lane was interrupted') {
      await bench.collections.datasets.updateOne({ _id: id }, { $set: { 'lane.interrupted': true } });
    }
    const job = await bench.push(id, [{ n: 1 }, { n: 2 }]);
    const sizeOf = () => (when === 'its rows are large' ? 600_000 : 100);
    const load = async () => {
      throw new Error('in one step');
    };
    await bench.loadAll(id, depsWith({ load }, { records: { sizeOf } }));
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 2 } });
    expect(await numbers(id)).toEqual([1, 2]);
    expect(bench.errors).toEqual([]);
  });

  it('stores the group with its end, and not before', async () => {
    const id = await bench.dataset({ n: 1 });
    await bench.push(id, [{ n: 1 }]);
    const stored = () => bench.collections.groups.countDocuments({ datasetId: id });
    const before: number[] = [];
    const inTransaction = small();
    const load: SmallGroups['load'] = async (...args) => {
      before.push(await stored());
      return inTransaction(...args);
    };
    await new LaneWorker(depsWith({ load })).run(id);
    expect([before, await stored()]).toEqual([[0], 1]);
  });

  it('stores the group before anything else that the attempt stores', async () => {
    const id = await bench.dataset({ n: 1 });
    await bench.push(id, [{ n: 1 }]);
    const deps = depsWith();
    const lease = await deps.lanes.acquire(id, 'test', 60_000);
    const held = lease && new HeldLease(deps.lanes, deps.clock, lease, deps.clock.monotonicMs(), 60_000);
    const taken = lease && (await deps.lanes.nextGroup(lease, BOUNDS, new Date(), () => true));
    if (!lease || !held || !taken) throw new Error('there is no group');
    const calls: string[] = [];
    const note = (name: string) => async () => void calls.push(name);
    const lanes = {
      ...deps.lanes,
      storeGroup: note('storeGroup'),
      recordWaiting: note('recordWaiting'),
      recordProgress: note('recordProgress'),
      recordTransitions: note('recordTransitions'),
    };
    const quarantine = { ...deps.quarantine, keep: note('quarantine') };
    const answerLog = { ...deps.answerLog, keep: note('answers') };
    const write: Record<string, (of: LoadDeps) => Promise<unknown>> = {
      recordWaiting: (of) => of.lanes.recordWaiting(lease, taken.group, null),
      recordProgress: (of) => of.lanes.recordProgress(lease, taken.group, 1),
      recordTransitions: (of) => of.lanes.recordTransitions(lease, taken.group),
      quarantine: (of) => of.quarantine.keep(lease, []),
      answers: (of) => of.answerLog.keep(lease, []),
    };
    for (const [name, run] of Object.entries(write)) {
      calls.length = 0;
      const oneStep = new OneStep({ ...deps, lanes, quarantine, answerLog }, deps.smallGroups, held, taken);
      await run(oneStep.loadDeps());
      await run(oneStep.loadDeps());
      expect([calls, oneStep.isStored]).toEqual([['storeGroup', name, name], true]);
    }
    await held.release();
  });

  it('takes the long way, in the same attempt, when an id is taken', async () => {
    const id = await identified();
    await bench.push(id, [{ k: 'a', n: 1 }]);
    await bench.useCases.deleteData.all({ datasetId: id }, CALLER);
    await bench.push(id, [{ k: 'b', n: 2 }]);
    await bench.useCases.deleteData.matching({ datasetId: id, where: { column: 'k', op: 'EQ', value: 'b' } }, CALLER);
    await bench.load(id);
    // A tombstone has its id.
    const job = await bench.push(id, [{ k: 'b', n: 3 }]);
    const results: unknown[] = [];
    const load: SmallGroups['load'] = async (...args) => {
      results.push(await small()(...args));
      return null;
    };
    await bench.loadAll(id, depsWith({ load }));
    expect(results).toEqual([null]);
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1, counts: { added: 1 } });
    expect(await bench.historyOf(job)).toEqual(LOADED);
    expect((await bench.contents(id)).records).toMatchObject([{ k: 'b', n: 3 }]);
    expect(bench.errors).toEqual([]);
  });

  it('is committed before it is shown as being written, when it is slow', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }, { n: 2 }]);
    const refresh = async () => {
      expect(await numbers(id)).toEqual([]);
      await until('FILLING_ES', async () => (await bench.ledger.findJob(job))?.status === 'FILLING_ES');
      expect(await bench.terminations.terminate(job, new Date())).toBe('COMMITTED');
    };
    await bench.loadAll(id, depsWith({}, { records: { refresh }, isSlow: true }));
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1 });
    expect(await bench.historyOf(job)).toEqual(LOADED);
    expect(await numbers(id)).toEqual([1, 2]);
    expect(bench.errors).toEqual([]);
  });

  it('is loaded if its rows cannot be written when it is committed before its end', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }, { n: 2 }]);
    const deps = bench.workerDeps();
    let failures = 0;
    const writeRows: typeof deps.records.writeRows = async (generation, writes, stillOwned) => {
      const rows = [...writes];
      if (rows.length > 0 && failures < 1) {
        failures += 1;
        throw new RecordStoreError('UNAVAILABLE', 'made to fail');
      }
      return deps.records.writeRows(generation, rows, stillOwned);
    };
    // Long enough for its statuses to be stored before its end.
    const refresh = async () => until('the failure', () => failures > 0);
    await bench.loadAll(id, depsWith({}, { records: { writeRows, refresh }, isSlow: true }));
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 2 } });
    expect(await numbers(id)).toEqual([1, 2]);
    expect(failures).toBe(1);
  });

  it('takes the long way while the disk is full', async () => {
    const id = await bench.dataset({ n: 1 });
    const job = await bench.push(id, [{ n: 1 }]);
    const never = async () => {
      throw new Error('one step');
    };
    await bench.loadAll(id, depsWith({ hasRoom: () => false, load: never }));
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1 });
    expect(bench.errors).toEqual([]);
  });
});
