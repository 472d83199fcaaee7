import type { MongoClient } from 'mongodb';
import type { DatasetDeletion } from '../../ports/catalog.js';
import type { Collections } from './collections.js';
import { usersOf } from './lookup-uses.js';
import { terminateAll } from './terminations.js';

/** Hides a dataset, unless others look it up, removes its push URLs, and ends its jobs. */
export async function deleteDataset(
  client: MongoClient,
  collections: Collections,
  id: string,
  at: Date,
): Promise<DatasetDeletion> {
  const { datasets, connections, pushUrls } = collections;
  const taken = { $set: { deletedAt: at }, $inc: { 'lane.runToken': 1 } };
  const deletion = await client.withSession((session) =>
    session.withTransaction(async (): Promise<DatasetDeletion> => {
      const by = await usersOf(collections, id, session);
      if (by.length > 0) return { kind: 'IN_USE', by };
      const dataset = await datasets.findOneAndUpdate({ _id: id, deletedAt: null }, taken, { session });
      if (!dataset) return { kind: 'NOT_FOUND' };
      await connections.updateOne({ _id: dataset.connectionId }, { $inc: { datasets: -1 } }, { session });
      await pushUrls.deleteMany({ datasetId: id }, { session });
      return { kind: 'DELETED' };
    }),
  );
  if (deletion.kind === 'DELETED') await terminateAll(collections, id, at);
  return deletion;
}
