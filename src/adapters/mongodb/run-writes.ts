import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { isDuplicateKey } from './duplicate-key.js';

/** What a run of a lane keeps under an id before its commit point. */
export interface OfRun {
  readonly _id: string;
  readonly runToken?: number;
}

/**
 * Keeps documents of a run of a lane, each in the place of what that run or an earlier one kept under its id. What a later run has kept stays: so a run that
 * lost its lane changes nothing for the one that has it, although no lease is looked at.
 */
export async function keepOfRun<D extends OfRun>(
  collection: Collection<D>,
  runToken: number,
  documents: readonly Omit<D, 'runToken'>[],
): Promise<void> {
  if (documents.length === 0) return;
  const writes = documents.map((document) => ({
    replaceOne: {
      filter: { _id: document._id, runToken: { $lte: runToken } },
      replacement: { ...document, runToken },
      upsert: true,
    },
  }));
  try {
    await collection.bulkWrite(writes as unknown as AnyBulkWriteOperation<D>[], { ordered: false });
  } catch (error) {
    // The id is taken by what a later run has kept.
    if (!isDuplicateKey(error)) throw error;
  }
}
