import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { boundedBatches } from '../../../domain/bounded-batches.js';
import type { RejectedRow } from '../../../ports/record-store.js';
import type { HiddenRecord, Row, RowWrite } from '../../../ports/row-writes.js';
import { writeBatches } from '../../batch-writers.js';
import type { ReusedMemory } from '../../reused-memory.js';
import { type Insert, insertRows, mostBytesOf } from './insert-rows.js';
import { replaceStored } from './replace-stored.js';
import { replacementOf } from './replacement.js';
import type { RowDocument } from './row-document.js';
import { type NotWritten, notWritten } from './write-verdict.js';

const BATCH_ROWS = 1_000;
const BATCH_BYTES = 4 * 1024 * 1024;
const IN_FLIGHT = 4;
const NOTHING_LEFT: NotWritten = { taken: [], rejected: [] };
/** A column without a value is undefined in a row, and left out of its document. */
const UNORDERED = { ordered: false, ignoreUndefined: true, writeConcern: { w: 'majority' as const } };

/**
 * Writes each row if none is stored or the stored version is smaller. Rows that were not stored when their records were read are first inserted; if an id is taken, the stored version
 * decides. Returns the rows that MongoDB will never accept. When it throws, no request is running any more.
 */
export async function writeRows(
  collection: Collection<RowDocument>,
  writes: Iterable<RowWrite>,
  stillOwned: () => void,
): Promise<RejectedRow[]> {
  const rejected: RejectedRow[] = [];
  await writeBatches(batchesOf(writes), IN_FLIGHT, (batch, memory) =>
    writeBatch({ collection, stillOwned, rejected, memory }, batch),
  );
  return rejected;
}

/** One of those that write batches in parallel: where to write, and what was rejected of the whole call. */
interface Writing {
  readonly collection: Collection<RowDocument>;
  readonly stillOwned: () => void;
  readonly rejected: RejectedRow[];
  /** Of the rows that are inserted. */
  readonly memory: ReusedMemory;
}

/** Splits rows, in order, into batches of at most so many rows, and at most so many bytes unless a batch has a single row. */
export function batchesOf(writes: Iterable<RowWrite>) {
  return boundedBatches(writes, bytesOf, { maxItems: BATCH_ROWS, maxBytes: BATCH_BYTES });
}

function bytesOf(write: RowWrite): number {
  return 'deleted' in write ? 0 : mostBytesOf(write);
}

async function writeBatch(writing: Writing, batch: readonly RowWrite[]): Promise<void> {
  let left = await writeSimply(writing, batch);
  // The server repeats an upsert that lost a race for its id, but not forever.
  while (left.length > 0) left = await replaceOlder(writing, left);
}

/** Writes the rows and hidden records that are new, or all found where they were; returns the writes that remain: those whose id is taken, and tombstones. */
async function writeSimply(writing: Writing, batch: readonly RowWrite[]): Promise<RowWrite[]> {
  const left: RowWrite[] = [];
  const rows: Insert[] = [];
  const stored: (Row | HiddenRecord)[] = [];
  for (const write of batch) {
    if ('deleted' in write) {
      left.push(write);
    } else if (!('plain' in write) && !('encoded' in write) && write.isStored) {
      stored.push(write);
    } else {
      rows.push(write);
    }
  }
  if (stored.length > 0) {
    writing.stillOwned();
    if (!(await replaceStored(writing.collection, stored))) left.push(...stored);
  }
  if (rows.length === 0) return left;
  const taken = await takenOf(writing, rows, () => insertRows(writing.collection, rows, writing.memory));
  return [...left, ...taken];
}

/**
 * Writes if the stored version is smaller or the row no longer exists. The version is compared inside an update that is found only by the id, so that nothing, neither the
 * sweep nor a writer of an older version, can come between the comparison and the write. Returns the writes whose id another writer took at the same time.
 */
function replaceOlder(writing: Writing, writes: readonly RowWrite[]): Promise<RowWrite[]> {
  const operations = writes.map(
    (write): AnyBulkWriteOperation<RowDocument> => ({
      updateOne: { filter: { _id: write.id }, update: [{ $replaceWith: replacementOf(write) }], upsert: true },
    }),
  );
  return takenOf(writing, writes, async () => {
    await writing.collection.bulkWrite(operations, UNORDERED);
    return NOTHING_LEFT;
  });
}

/** Sends a bulk; returns the writes whose ids are taken. */
async function takenOf(
  { stillOwned, rejected }: Writing,
  writes: readonly RowWrite[],
  send: () => Promise<NotWritten>,
): Promise<RowWrite[]> {
  stillOwned();
  const not = await send().catch(notWritten);
  for (const { index, reason } of not.rejected) rejected.push({ id: writes[index]?.id ?? '', reason });
  return not.taken.flatMap((index) => writes[index] ?? []);
}
