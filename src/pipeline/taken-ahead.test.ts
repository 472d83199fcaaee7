import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenLaneBench, openLaneBench } from '../../test/support/lane.js';
import { until } from '../../test/support/until.js';
import { LeaseLostError } from '../ports/lane.js';
import { LaneWorker } from './lane-worker.js';

/** A promise, and what resolves it. */
function later() {
  let resolve: (() => void) | undefined;
  const promise = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  return { promise, resolve: () => resolve?.() };
}

describe('a lane that is taken while its job is being accepted', () => {
  let bench: OpenLaneBench;
  beforeAll(async () => {
    bench = await openLaneBench();
  });
  afterAll(() => bench.close());

  /** Runs a worker for a lane whose job is not accepted yet. `refused` resolves when it could not take the lane. */
  function expecting(datasetId: string) {
    const [accepted, refused] = [later(), later()];
    const deps = bench.workerDeps();
    const acquire: typeof deps.lanes.acquire = async (...args) => {
      const lease = await deps.lanes.acquire(...args);
      if (!lease) refused.resolve();
      return lease;
    };
    const worker = new LaneWorker({ ...deps, lanes: { ...deps.lanes, acquire } });
    const run = worker.run(datasetId, () => false, accepted.promise);
    return { run, accept: accepted.resolve, refused: refused.promise };
  }

  const isTaken = async (id: string) => {
    const dataset = await bench.collections.datasets.findOne({ _id: id });
    return dataset !== null && dataset.lane.owner !== null;
  };

  it('is loaded once the job is accepted', async () => {
    const id = await bench.dataset({ n: 1 });
    const { run, accept } = expecting(id);
    await until('the lane to be taken', () => isTaken(id));
    const job = await bench.push(id, [{ n: 1 }]);
    expect((await bench.ledger.findJob(job))?.status).toBe('INITIALIZING');
    accept();
    await run;
    expect((await bench.ledger.findJob(job))?.status).toBe('COMPLETE');
    expect(await isTaken(id)).toBe(false);
  });

  it('is released if the job is refused', async () => {
    const id = await bench.dataset({ n: 1 });
    const { run, accept } = expecting(id);
    accept();
    await run;
    expect(await isTaken(id)).toBe(false);
    expect(bench.errors).toEqual([]);
  });

  it.each(['lost', 'unknown'])('is tried again after that if its lease was %s', async (how) => {
    const id = await bench.dataset({ n: 1 });
    const woken = bench.woken.length;
    const error = how === 'lost' ? new LeaseLostError('made to fail') : new Error('made to fail');
    const [accepted, failed] = [later(), later()];
    const deps = bench.workerDeps();
    const acquire = async () => {
      failed.resolve();
      throw error;
    };
    const worker = new LaneWorker({ ...deps, lanes: { ...deps.lanes, acquire } });
    const run = worker.run(id, () => false, accepted.promise);
    await failed.promise;
    await new Promise(setImmediate);
    expect(bench.woken.slice(woken)).toEqual([]);
    accepted.resolve();
    await run;
    expect(bench.woken.slice(woken)).toEqual([id]);
    expect(bench.errors.splice(0)).toEqual(how === 'lost' ? [] : [error]);
  });

  it('is tried again after that if another worker another worker held it, which may have seen no job', async () => {
    const id = await bench.dataset({ n: 1 });
    const lease = await bench.lanes.acquire(id, 'another', 60_000);
    const { run, accept, refused } = expecting(id);
    await refused;
    const job = await bench.push(id, [{ n: 1 }]);
    if (lease) await bench.lanes.release(lease);
    accept();
    await run;
    expect((await bench.ledger.findJob(job))?.status).toBe('COMPLETE');
  });
});
