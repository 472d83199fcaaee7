import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER, type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import type { RecordStore } from '../ports/record-store.js';
import { LaneWorker } from './lane-worker.js';

describe('a lane whose rows are lost', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  const datasetOf = (id: string) => bench.reader.catalog.existingDataset(id);

  async function loaded(id: string, n: number): Promise<void> {
    await bench.push(id, [{ n }]);
    await bench.load(id);
  }

  async function lose(id: string): Promise<void> {
    await bench.records.dropGeneration((await datasetOf(id)).generation ?? '');
  }

  it('reports why they cannot be made again, and rests longer after every attempt', async () => {
    const id = await bench.dataset({ n: 1 });
    await loaded(id, 1);
    const waiting = await bench.push(id, [{ n: 2 }]);
    await lose(id);
    await bench.useCases.rebuildDataset(id, CALLER);
    const history = () => {
      throw new Error('the log cannot be read');
    };
    const rests: number[] = [];
    const wakeAfter = async (_id: string, restMs: number) => void rests.push(restMs);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await bench.lanes.freeAll();
      const deps = bench.workerDeps();
      const laneQueue = { ...deps.laneQueue, wakeAfter };
      await new LaneWorker({ ...deps, pushLog: { ...deps.pushLog, history }, laneQueue }).run(id);
      const { message } = bench.errors.splice(0)[0] as Error;
      expect(message).toBe('the log cannot be read');
      const job = await bench.ledger.findJob(waiting);
      expect(job).toMatchObject({ attempts: attempt, waitingFor: expect.stringContaining(message) });
      expect(job?.waitingFor).not.toContain('rebuildDataset');
      expect((await datasetOf(id)).status).toBe('FAILED');
    }
    expect(rests).toEqual([500, 1_000, 2_000]);
    await bench.lanes.freeAll();
    await bench.load(id);
    await bench.load(id);
    expect(await bench.ledger.findJob(waiting)).toMatchObject({ status: 'COMPLETE', waitingFor: null });
    expect(bench.errors).toEqual([]);
  });

  it('is not confused with a lane whose reload has lost the generation that it was writing', async () => {
    const id = await bench.dataset({ n: '1' });
    await bench.push(id, [{ n: '1' }]);
    await bench.load(id);
    await bench.useCases.designDrafts.update(
      id,
      { expectedRevision: 1, columns: [{ id: 'n', type: 'NUMERIC' }] },
      CALLER,
    );
    const { reload } = await bench.useCases.applyChanges(id, CALLER);
    let dropped = 'no generation';
    const writeRows: RecordStore['writeRows'] = async (generation, ...rest) => {
      await bench.records.dropGeneration(generation);
      dropped = generation;
      return bench.records.writeRows(generation, ...rest);
    };
    await bench.load(id, { records: { writeRows } });
    expect(bench.errors.splice(0)).toMatchObject([{ code: 'GENERATION_MISSING' }]);
    expect(await datasetOf(id)).toMatchObject({ status: 'PENDING_CHANGES' });
    const waitingFor = (await bench.ledger.findJob(reload?.id ?? ''))?.waitingFor;
    expect(waitingFor).toContain(dropped);
    expect(waitingFor).not.toContain('rebuildDataset');
    await bench.lanes.freeAll();
    await bench.load(id);
    expect((await bench.contents(id)).records).toEqual([{ n: 1 }]);
    expect(bench.errors).toEqual([]);
  });
});
