import type { Sluice } from './sluice.js';

/** Keeps every worker from a lane, until it is let go. */
export async function holdLane(sluice: Pick<Sluice, 'database'>, datasetId: string): Promise<void> {
  await setLease(sluice, datasetId, new Date('2099-01-01'));
}

/** Lets a lane go that was held. */
export async function freeLane(sluice: Pick<Sluice, 'database'>, datasetId: string): Promise<void> {
  await setLease(sluice, datasetId, new Date(0));
}

async function setLease({ database }: Pick<Sluice, 'database'>, datasetId: string, until: Date): Promise<void> {
  const datasets = database.db.collection<{ _id: string }>('datasets');
  const { matchedCount } = await datasets.updateOne({ _id: datasetId }, { $set: { 'lane.leaseUntil': until } });
  if (matchedCount === 0) throw new Error(`there is no dataset ${datasetId}`);
}
