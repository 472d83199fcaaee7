import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { isDuplicateKey } from './duplicate-key.js';

/** What a run of a lane stores under an id before its commit point. */
export interface OfRun {
  readonly _id: string;
  readonly runToken?: number;
}

/**
 * Stores documents of a run of a lane. Each replaces what that run or an earlier one stored under its id. What a later run has stored stays, so a run that lost its lane
 * changes nothing for the current owner, although no lease is compared.
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
    // A later run has stored a document under this id.
    if (!isDuplicateKey(error)) throw error;
  }
}
