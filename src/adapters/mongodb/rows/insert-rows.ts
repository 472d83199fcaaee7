import { createRequire } from 'node:module';
import { BSON, type Collection, type Document } from 'mongodb';
import type { RowWrite, Tombstone } from '../../../ports/record-store.js';
import { mostPlainBytes, writePlainDocument } from './plain-document.js';
import { type RowDocument, toDocument } from './row-document.js';
import { type NotWritten, notInserted } from './write-verdict.js';

/** Documents in a command that are BSON already, as the driver sends them. It has them for itself only, so this depends on the exact version. */
interface DocumentSequence {
  push(document: Document, bson: Uint8Array): number;
}

const { DocumentSequence } = createRequire(import.meta.url)('mongodb/lib/cmap/commands.js') as {
  readonly DocumentSequence: new (field: string) => DocumentSequence;
};

/** What is inserted: everything but tombstones. */
export type Insert = Exclude<RowWrite, Tombstone>;

/**
 * Inserts rows and hidden records, each by itself, and returns which ones were not. Plain records become BSON from the bytes of their payload: to make the driver's documents of them, and BSON of those,
 * takes several times as long. The driver does not repeat the command when a connection breaks.
 */
export async function insertRows(rows: Collection<RowDocument>, inserts: readonly Insert[]): Promise<NotWritten> {
  const documents = new DocumentSequence('documents');
  documents.push({}, bsonOf(inserts));
  const command = { insert: rows.collectionName, documents, ordered: false, writeConcern: { w: 'majority' } };
  return notInserted(await rows.db.command(command));
}

/** The documents one after the other. */
function bsonOf(inserts: readonly Insert[]): Buffer {
  const others = new Map<Insert, Uint8Array>();
  let most = 0;
  for (const write of inserts) {
    if ('plain' in write) most += mostPlainBytes(write);
    else {
      const bson = BSON.serialize(toDocument(write), { ignoreUndefined: true });
      others.set(write, bson);
      most += bson.length;
    }
  }
  const all = Buffer.allocUnsafeSlow(most);
  let next = 0;
  for (const write of inserts) {
    const bson = others.get(write);
    if (bson) {
      all.set(bson, next);
      next += bson.length;
    } else if ('plain' in write) next = writePlainDocument(all, next, write);
  }
  return all.subarray(0, next);
}
