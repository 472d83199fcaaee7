import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import type { RowWrite } from '../../../ports/record-store.js';
import { type RowDocument, toDocument } from './row-document.js';
import { takenIndexes, toStoreError } from './write-verdict.js';

const BATCH_ROWS = 2_000;
const IN_FLIGHT = 2;
const MAJORITY = { writeConcern: { w: 'majority' as const } };

/**
 * Writes each row where none is stored or the stored version is smaller. New rows are the common case, so every row is first inserted; one whose id is
 * taken then replaces a smaller version. A row the sweep removed in between makes that replacement insert: with `upsert`, a greater version that is
 * stored makes it fail on the taken id, which says that this write was stale.
 */
export async function writeRows(
  collection: Collection<RowDocument>,
  writes: readonly RowWrite[],
  stillOwned: () => void,
): Promise<void> {
  const batches = function* () {
    for (let start = 0; start < writes.length; start += BATCH_ROWS) yield writes.slice(start, start + BATCH_ROWS);
  };
  const pending = batches();
  const writeNext = async () => {
    for (const batch of pending) await writeBatch(collection, batch, stillOwned);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, writeNext));
}

async function writeBatch(collection: Collection<RowDocument>, batch: readonly RowWrite[], stillOwned: () => void) {
  const now = new Date();
  const documents = batch.map((write) => toDocument(write, now));
  const taken = await insert(collection, documents, stillOwned);
  if (taken.length > 0) await replaceOlder(collection, taken, stillOwned);
}

/** The documents whose id is taken. */
async function insert(collection: Collection<RowDocument>, documents: RowDocument[], stillOwned: () => void) {
  stillOwned();
  try {
    await collection.insertMany(documents, { ordered: false, ...MAJORITY });
    return [];
  } catch (error) {
    return takenIndexes(error).flatMap((index) => documents[index] ?? []);
  }
}

async function replaceOlder(collection: Collection<RowDocument>, documents: RowDocument[], stillOwned: () => void) {
  stillOwned();
  const replacements = documents.map(
    (replacement): AnyBulkWriteOperation<RowDocument> => ({
      replaceOne: { filter: { _id: replacement._id, v: { $lt: replacement.v } }, replacement, upsert: true },
    }),
  );
  try {
    await collection.bulkWrite(replacements, { ordered: false, ...MAJORITY });
  } catch (error) {
    takenIndexes(error);
  }
}

/** Runs a request to the store, its errors as the port's own. */
export async function asStoreRequest<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw toStoreError(error);
  }
}
