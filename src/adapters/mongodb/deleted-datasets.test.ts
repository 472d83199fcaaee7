import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BOUNDS, openMongoLanes } from '../../../test/support/mongo-lanes.js';
import { mongoDatasets } from './datasets.js';
import { mongoTerminations } from './terminations.js';

const LONG_AGO_MS = 10_000;

describe('the jobs of deleted datasets', () => {
  let bench: Awaited<ReturnType<typeof openMongoLanes>>;
  beforeAll(async () => {
    bench = await openMongoLanes();
  });
  afterAll(() => bench.close());

  const longAgo = () => new Date(Date.now() - LONG_AGO_MS);
  const sweep = () => mongoTerminations(bench.database.client, bench.collections).endJobsOfDeleted(new Date());
  const deleteAt = (id: string, at: Date) =>
    mongoDatasets(bench.database.client, bench.collections).deleteDataset(id, at);
  const marksOf = (datasetId: string) => bench.collections.jobs.countDocuments({ datasetId, open: true });
  const historyOf = async (job: string) => (await bench.ledger.findJob(job))?.history.map(({ status }) => status);

  it('end if a process accepted them before it knew of the deletion', async () => {
    const id = await bench.newLane();
    await deleteAt(id, longAgo());
    const jobs = [await bench.push(id), await bench.push(id)];
    await sweep();
    for (const job of jobs) expect(await historyOf(job)).toEqual(['INITIALIZING', 'TERMINATED_EXIT']);
    expect(await marksOf(id)).toBe(0);
  });

  it('end if the process that deleted the dataset was killed meanwhile, in whatever status', async () => {
    const id = await bench.newLane();
    const underWay = await bench.push(id);
    await bench.nextGroup(await bench.held(id));
    const waiting = await bench.push(id);
    await bench.collections.datasets.updateOne({ _id: id }, { $set: { deletedAt: longAgo() } });
    await sweep();
    expect(await historyOf(underWay)).toEqual(['INITIALIZING', 'QUERYING_DATASOURCES', 'TERMINATED_EXIT']);
    expect(await historyOf(waiting)).toEqual(['INITIALIZING', 'TERMINATED_EXIT']);
    expect(await marksOf(id)).toBe(0);
  });

  it('end although they were inserted after the first job of their append, which has the mark, had ended', async () => {
    const id = await bench.newLane();
    const first = await bench.push(id);
    await bench.collections.jobs.updateOne({ _id: first }, { $set: { openThrough: 3 } });
    await deleteAt(id, longAgo());
    expect(await marksOf(id)).toBe(1);
    const rest = [await bench.push(id), await bench.push(id)];
    await bench.collections.jobs.updateMany({ _id: { $in: rest } }, { $unset: { open: 1 } });
    await sweep();
    for (const job of rest) expect(await historyOf(job)).toEqual(['INITIALIZING', 'TERMINATED_EXIT']);
    expect(await marksOf(id)).toBe(0);
  });

  it('are left to the process that deletes the dataset for two seconds, and those of other datasets stay open', async () => {
    const [deleted, live, old] = [await bench.newLane(), await bench.newLane(), await bench.newLane()];
    await deleteAt(deleted, new Date());
    await bench.collections.datasets.updateOne({ _id: old }, { $unset: { deletedAt: 1 } });
    const jobs = [await bench.push(deleted), await bench.push(live), await bench.push(old)];
    await sweep();
    for (const job of jobs) expect(await historyOf(job)).toEqual(['INITIALIZING']);
    expect(await bench.lanes.nextGroup(await bench.held(live), BOUNDS, new Date())).not.toBeNull();
  });
});
