import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { LOADED } from '../../test/support/statuses.js';
import { LaneWorker, type LaneWorkerDeps } from './lane-worker.js';

describe('a small group whose jobs the process remembers', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** What a worker needs. However slow the machine is, the group is fast. */
  function depsFor(way: string): LaneWorkerDeps {
    const deps = bench.workerDeps();
    if (!deps.smallGroups) throw new Error('the rows are not in the database of the ledger');
    const longWay = { ...deps.smallGroups, hasRoom: () => false };
    return { ...deps, storeStatusesAfterMs: 1_000_000, ...(way === 'the long way' && { smallGroups: longWay }) };
  }

  const numbers = async (id: string) => (await bench.rows(id)).map(({ values }) => values.c1);

  it('is not passed by the commit point as long as a job of it is found to be terminated', async () => {
    const id = await bench.dataset({ n: 1 });
    const [ended, other] = [await bench.push(id, [{ n: 1 }]), await bench.push(id, [{ n: 2 }])];
    await bench.terminations.terminate(ended, new Date());
    const deps = depsFor('the long way');
    const results: unknown[] = [];
    const commit: typeof deps.lanes.commit = async (...args) => {
      const result = await deps.lanes.commit(...args);
      results.push(result.kind);
      if (result.kind === 'JOB_TERMINATED') results.push(await bench.terminations.terminate(other, new Date()));
      return result;
    };
    await bench.loadAll(id, { ...deps, lanes: { ...deps.lanes, commit } });
    expect(results.slice(0, 2)).toEqual(['JOB_TERMINATED', 'TERMINATED']);
    expect(await numbers(id)).toEqual([]);
    expect(bench.errors).toEqual([]);
  });

  it('is remembered for those who wait for its jobs, as it is read', async () => {
    const id = await bench.dataset({ n: 1 });
    const jobs = [await bench.push(id, [{ n: 1 }, { n: 2 }]), await bench.push(id, [{ n: 3 }])];
    await new LaneWorker(depsFor('in one step')).run(id);
    for (const job of jobs) {
      const read = await bench.ledger.findJob(job);
      await bench.collections.jobs.deleteOne({ _id: job });
      expect(await bench.ledger.findFinal({ id: job, datasetId: id })).toEqual(read);
    }
  });

  it('is not written to a generation that is lost since the last one was', async () => {
    const id = await bench.dataset({ n: 1 });
    const worker = new LaneWorker(depsFor('in one step'));
    await bench.push(id, [{ n: 1 }]);
    await worker.run(id);
    const { generation } = (await bench.catalog.findDataset(id)) ?? {};
    await bench.records.dropGeneration(generation ?? '');
    const job = await bench.push(id, [{ n: 2 }]);
    await worker.run(id);
    expect(await bench.catalog.findDataset(id)).toMatchObject({ status: 'FAILED' });
    expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'JOINING', finishedAt: null });
    expect(bench.errors.splice(0)).toMatchObject([{ message: expect.stringContaining('is missing') }]);
  });

  it.each(['in one step', 'the long way'])(
    'loads without a job that was terminated before the lane was taken, %s',
    async (way) => {
      const id = await bench.dataset({ n: 1 });
      const [ended, kept] = [await bench.push(id, [{ n: 1 }]), await bench.push(id, [{ n: 2 }])];
      expect(await bench.terminations.terminate(ended, new Date())).toBe('TERMINATED');
      await bench.loadAll(id, depsFor(way));
      expect(await bench.historyOf(ended)).toEqual(['INITIALIZING', 'TERMINATED_EXIT']);
      expect(await bench.historyOf(kept)).toEqual(LOADED);
      expect(await numbers(id)).toEqual([2]);
      expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 1, rowCount: 1 });
      expect(bench.errors).toEqual([]);
    },
  );
});
