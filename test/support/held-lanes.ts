import type { Sluice } from './sluice.js';
import { until } from './until.js';

/**
 * Prevents every worker from taking a lane until it is released. Waits for a worker that has the lane: a job can be final while its worker still has the lane, and would
 * release it or load the next push.
 */
export async function holdLane({ database }: Pick<Sluice, 'database'>, datasetId: string): Promise<void> {
  await until(`the lane of dataset ${datasetId} to be free`, async () => {
    const free = { _id: datasetId, $expr: { $lt: ['$lane.leaseUntil', '$$NOW'] } };
    const held = { 'lane.leaseUntil': new Date('2099-01-01') };
    return (await lanes(database).updateOne(free, { $set: held })).matchedCount === 1;
  });
}

/** Releases a held lane. */
export async function freeLane({ database }: Pick<Sluice, 'database'>, datasetId: string): Promise<void> {
  const { matchedCount } = await lanes(database).updateOne(
    { _id: datasetId },
    { $set: { 'lane.leaseUntil': new Date(0) } },
  );
  if (matchedCount === 0) throw new Error(`there is no dataset ${datasetId}`);
}

function lanes({ db }: Sluice['database']) {
  return db.collection<{ _id: string }>('datasets');
}
