import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { until } from '../../test/support/until.js';
import { percentComplete } from '../domain/job/status.js';
import type { Lanes } from '../ports/lane.js';
import type { RecordStore } from '../ports/record-store.js';
import { LaneWorker } from './lane-worker.js';

describe('a reload while another design is applied in place', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** A dataset with two records, whose reload waits. */
  async function reloading() {
    const id = await bench.dataset({ n: '1' });
    await bench.push(id, [{ n: '1' }, { n: '2' }]);
    await bench.load(id);
    const columns = [{ id: 'n', type: 'NUMERIC' as const }];
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns }, CALLER);
    const { reload } = await bench.useCases.applyChanges(id, CALLER);
    return { id, reload: reload?.id ?? '' };
  }

  /** Applies a design as a discard does that has found no running reload. */
  async function applyInPlace(id: string): Promise<string> {
    const applied = await bench.catalog.findDesign(id, 1);
    if (!applied) throw new Error(`dataset ${id} has no design 1`);
    return bench.catalog.applyInPlace({ ...applied, revision: 3 }, 1);
  }

  async function expectReloaded(id: string, reload: string): Promise<void> {
    expect(await bench.ledger.findJob(reload)).toMatchObject({ status: 'COMPLETE', counts: { read: 2, added: 2 } });
    expect((await bench.contents(id)).records).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await bench.catalog.findDataset(id)).toMatchObject({ recordCount: 2, rowCount: 2, appliedRevision: 2 });
  }

  it.each(['commit', 'complete'] as const)('refuses that design before its %s', async (step) => {
    const { id, reload } = await reloading();
    const results: string[] = [];
    const lanes = {
      [step]: async (...args: unknown[]) => {
        results.push(await applyInPlace(id));
        return (bench.lanes[step] as (...all: unknown[]) => unknown)(...args);
      },
    } as Partial<Lanes>;
    await bench.load(id, { lanes });
    expect(results).toEqual(['RELOADING']);
    await expectReloaded(id, reload);
  });

  it('is not committed by a worker that has read the earlier applied design', async () => {
    const { id, reload } = await reloading();
    const lanes: Partial<Lanes> = {
      acquire: async (...args) => {
        const lease = await bench.lanes.acquire(...args);
        return lease && { ...lease, appliedRevision: 0 };
      },
    };
    const designs = { of: (datasetId: string, revision: number) => deps.designs.of(datasetId, Math.max(1, revision)) };
    const deps = bench.workerDeps({ lanes });
    await new LaneWorker({ ...deps, designs: designs as typeof deps.designs }).run(id);
    expect(await bench.ledger.findJob(reload)).toMatchObject({ finishedAt: null });
    expect((await bench.contents(id)).records).toEqual([{ n: '1' }, { n: '2' }]);
    await bench.load(id);
    await expectReloaded(id, reload);
  });
});

describe('the progress of a job that reads stored records', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** The percentages that a user sees while a worker reads one record at a time. One second of its clock passes with each record. */
  async function percentsOf(datasetId: string, jobId: string, stopAfter = Number.POSITIVE_INFINITY): Promise<number[]> {
    const seen: number[] = [];
    let ms = 0;
    const scan: RecordStore['scan'] = async (generation, filter, after) => {
      ms += 1_000;
      const job = await until('the stored status', async () => {
        const found = await bench.ledger.findJob(jobId);
        return found?.status === 'JOINING' && found;
      });
      seen.push(percentComplete(job.status, job.progress));
      if (seen.length > stopAfter) throw new Error('this worker fails here');
      return bench.records.scan(generation, filter, after, { maxRows: 1, maxBytes: 1_000_000 });
    };
    const deps = bench.workerDeps({ records: { scan } });
    const clock = { ...deps.clock, monotonicMs: () => ms };
    // Each status is stored at once, since the percentages begin with it.
    await new LaneWorker({ ...deps, clock, storeStatusesAfterMs: 0, leaseMs: 10_000_000 })
      .run(datasetId)
      .catch(() => undefined);
    return seen;
  }

  it('grows while it reads, and never goes back when another worker starts again', async () => {
    const id = await bench.dataset({ n: '1' });
    await bench.push(id, [{ n: '1' }, { n: '2' }, { n: '3' }, { n: '4' }]);
    await bench.load(id);
    const columns = [{ id: 'n', type: 'NUMERIC' as const }];
    await bench.useCases.designDrafts.update(id, { expectedRevision: 1, columns }, CALLER);
    const { reload } = await bench.useCases.applyChanges(id, CALLER);
    const first = await percentsOf(id, reload?.id ?? '', 3);
    expect(first).toEqual([50, 55, 60, 65]);
    await bench.lanes.freeAll();
    const second = await percentsOf(id, reload?.id ?? '');
    expect(second).toEqual([65, 65, 65, 65, 70]);
    expect(await bench.ledger.findJob(reload?.id ?? '')).toMatchObject({ status: 'COMPLETE' });
  });
});
