import { type Collection, type Document, MongoServerError } from 'mongodb';
import type { HiddenRecord, Row } from '../../../ports/row-writes.js';
import { type RowDocument, toDocument } from './row-document.js';
import { toStoreError } from './write-verdict.js';

/** So many documents an update: the server finds each one by its id in a list, from the first. */
const ROWS_OF_AN_UPDATE = 50;

/**
 * Replaces stored rows whose versions are smaller, in one request of a few updates. Returns whether every row was found: if not, or if the server refused anything, the caller writes all
 * of them again in a way that says what became of each. The command is sent without the driver's retries, which would make the server remember every single update.
 */
export async function replaceStored(
  collection: Collection<RowDocument>,
  writes: readonly (Row | HiddenRecord)[],
): Promise<boolean> {
  const updates: Document[] = [];
  for (let start = 0; start < writes.length; start += ROWS_OF_AN_UPDATE)
    updates.push(updateOf(writes.slice(start, start + ROWS_OF_AN_UPDATE).map(toDocument)));
  const command = { update: collection.collectionName, ordered: false, writeConcern: { w: 'majority' }, updates };
  try {
    const { n, writeErrors } = await collection.db.command(command, { ignoreUndefined: true });
    return n === writes.length && writeErrors === undefined;
  } catch (error) {
    if (error instanceof MongoServerError) return false;
    throw toStoreError(error);
  }
}

/** An update that replaces each of these documents by its newer form. As one with a single document, it compares the version inside the update (see `replaceOlder`). */
function updateOf(documents: readonly RowDocument[]): Document {
  const ids = documents.map(({ _id }) => _id);
  const newer = { $arrayElemAt: [{ $literal: documents }, { $indexOfArray: [{ $literal: ids }, '$_id'] }] };
  const written = { $cond: [{ $lt: ['$v', '$$newer.v'] }, '$$newer', '$$ROOT'] };
  return {
    q: { _id: { $in: ids } },
    u: [{ $replaceWith: { $let: { vars: { newer }, in: written } } }],
    multi: true,
  };
}
