import { recordIdOf } from '../domain/record-id.js';
import type { RejectedRow } from '../ports/record-store.js';
import type { RowWrite } from '../ports/row-writes.js';
import type { GroupRun } from './group-run.js';

/** What is written of some records. Both parts can be iterated any number of times, because requests are repeated. */
export interface RecordWrites {
  /** Rows and tombstones with ordinals from 1; null if there are none. */
  readonly others: Iterable<RowWrite> | null;
  /** What is written under ordinal 0 of each record: a row, a hidden record or a tombstone. */
  readonly firsts: Iterable<RowWrite>;
}

/**
 * Writes records. Invariant: what is stored under ordinal 0 is never newer than the record's other rows, because an attempt that follows judges by ordinal 0 whether the
 * record was written. Returns the permanently rejected rows; ordinal 0 of a record is not written after another row of it was rejected.
 * ```
 * others  |--- ordinals 1, 2, ... of all records ---|
 * firsts                                            ^ all acknowledged |--- ordinal 0 of all records ---|
 * ```
 */
export async function writeRecords(
  run: GroupRun,
  generation: string,
  { others, firsts }: RecordWrites,
): Promise<readonly RejectedRow[]> {
  const write = (writes: Iterable<RowWrite>) =>
    run.storeStep((store) => store.writeRows(generation, writes, run.held.stillOwned));
  const rejected = others ? await write(others) : [];
  if (rejected.length === 0) return write(firsts);
  const incomplete = new Set(rejected.map(({ id }) => recordIdOf(id)));
  const complete = repeatable(function* () {
    for (const first of firsts) if (!incomplete.has(recordIdOf(first.id))) yield first;
  });
  return [...rejected, ...(await write(complete))];
}

/** An iterable that calls the generator function for every iteration. */
export function repeatable<T>(generate: () => Iterator<T>): Iterable<T> {
  return { [Symbol.iterator]: generate };
}
