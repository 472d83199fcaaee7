import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenLaneBench, openLaneBench } from '../../../test/support/lane.js';
import { until } from '../../../test/support/until.js';
import { LaneWorker } from '../../pipeline/lane-worker.js';

describe('small groups of many lanes', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterEach(() => expect(bench.errors.splice(0)).toEqual([]));
  afterAll(() => bench.close());

  const LANES = 20;
  const deps = () => bench.workerDeps();

  async function lanesWithPushes(): Promise<{ id: string; job: string }[]> {
    const ids = await Promise.all(Array.from({ length: LANES }, () => bench.dataset({ n: 1 })));
    return Promise.all(ids.map(async (id, n) => ({ id, job: await bench.push(id, [{ n }, { n: n + 100 }]) })));
  }

  async function loadAll(lanes: readonly { id: string }[]): Promise<void> {
    const worker = new LaneWorker(deps());
    await until('the lanes to be loaded', async () => {
      await Promise.all(lanes.map(({ id }) => worker.run(id)));
      const open = await Promise.all(lanes.map(({ id }) => bench.ledger.firstOpenPosition(id)));
      return open.every((position) => position === null);
    });
  }

  const numbers = async (id: string) => (await bench.rows(id)).map(({ values }) => values.c1);

  it('are loaded at the same time, each exactly once', async () => {
    const lanes = await lanesWithPushes();
    await loadAll(lanes);
    for (const [n, { id, job }] of lanes.entries()) {
      expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', attempts: 1, counts: { added: 2 } });
      expect((await numbers(id)).sort()).toEqual([n, n + 100].sort());
      expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 2, rowCount: 2 });
    }
  });

  it('are loaded even if one of them meets a terminated job or a row that is taken', async () => {
    const lanes = await lanesWithPushes();
    const [ended, taken] = lanes;
    if (!ended || !taken) throw new Error('there are no lanes');
    const { smallGroups } = deps();
    if (!smallGroups) throw new Error('the rows are not in the database of the ledger');
    let waiting = 0;
    const disturbed = {
      ...smallGroups,
      load: async (...args: Parameters<typeof smallGroups.load>) => {
        waiting += 1;
        await until('all of them', () => waiting >= LANES);
        const [lease, , , rows] = args;
        if (lease.datasetId === ended.id) await bench.terminations.terminate(ended.job, new Date());
        const [row] = rows;
        if (lease.datasetId === taken.id && row)
          await bench.records.writeRows(lease.generation, [row], () => undefined);
        return smallGroups.load(...args);
      },
    };
    const worker = new LaneWorker({ ...deps(), smallGroups: disturbed });
    await Promise.all(lanes.map(({ id }) => worker.run(id)));
    await loadAll(lanes);
    expect(await bench.ledger.findJob(ended.job)).toMatchObject({ status: 'TERMINATED_EXIT' });
    expect(await numbers(ended.id)).toEqual([]);
    for (const [n, { id, job }] of [...lanes.entries()].slice(1)) {
      expect(await bench.ledger.findJob(job)).toMatchObject({ status: 'COMPLETE', counts: { added: 2 } });
      expect((await numbers(id)).sort()).toEqual([n, n + 100].sort());
    }
  });

  it('are given to one of two workers that ask at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: LANES }, () => bench.dataset({ n: 1 })));
    const both = ids.flatMap((id) => [bench.lanes.acquire(id, 'one', 60_000), bench.lanes.acquire(id, 'two', 60_000)]);
    const leases = (await Promise.all(both)).filter((lease) => lease !== null);
    expect(leases.map(({ datasetId }) => datasetId).sort()).toEqual([...ids].sort());
    await Promise.all(leases.map((lease) => bench.lanes.release(lease)));
    const again = await Promise.allSettled(leases.map((lease) => bench.lanes.release(lease)));
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set(['rejected']));
  });
});
