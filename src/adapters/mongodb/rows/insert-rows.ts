import type { Collection } from 'mongodb';
import type { RowWrite, Tombstone } from '../../../ports/row-writes.js';
import type { ReusedMemory } from '../../reused-memory.js';
import { DocumentSequence } from '../driver-writes.js';
import { mostPlainBytes, writePlainDocument } from './plain-document.js';
import { mostRowBytes, writeRowBson } from './row-bson.js';
import type { RowDocument } from './row-document.js';
import { type NotWritten, notInserted } from './write-verdict.js';

/** What is inserted: everything but tombstones. */
export type Insert = Exclude<RowWrite, Tombstone>;

/**
 * Inserts rows and hidden records, each by itself, and returns which ones were not. They become BSON here: to make the driver's documents of them, and BSON of those, takes several times as long. The
 * socket writes them from `memory`. The driver does not repeat the command when a connection breaks.
 */
export async function insertRows(
  rows: Collection<RowDocument>,
  inserts: readonly Insert[],
  memory: ReusedMemory,
): Promise<NotWritten> {
  const documents = new DocumentSequence('documents');
  documents.push({}, bsonOf(inserts, memory));
  const command = { insert: rows.collectionName, documents, ordered: false, writeConcern: { w: 'majority' } };
  const reply = await rows.db.command(command).catch((error: unknown) => {
    memory.leave();
    throw error;
  });
  return notInserted(reply);
}

/** The documents one after the other. */
function bsonOf(inserts: readonly Insert[], memory: ReusedMemory): Buffer {
  let most = 0;
  for (const write of inserts) most += mostBytesOf(write);
  const all = memory.ofBytes(most);
  let next = 0;
  for (const write of inserts) next = writeBson(all, next, write);
  if (next > most) throw new RangeError(`rows take ${next} bytes, not at most ${most}`);
  return all.subarray(0, next);
}

/** The most bytes that the document of an insert takes. */
export function mostBytesOf(write: Insert): number {
  if ('encoded' in write) return write.end - write.start;
  return 'plain' in write ? mostPlainBytes(write) : mostRowBytes(write);
}

function writeBson(target: Buffer, at: number, write: Insert): number {
  if ('encoded' in write) return at + write.encoded.copy(target, at, write.start, write.end);
  return 'plain' in write ? writePlainDocument(target, at, write) : writeRowBson(target, at, write);
}
