import type { StoredValues } from '../domain/design/stored-value.js';
import { rowId } from '../domain/record-id.js';
import type { HiddenRecord, Row, RowWrite, Tombstone } from '../ports/row-writes.js';

/** A record and its rows, ready to be stored. */
export interface RecordWithRows {
  readonly recordId: string;
  readonly version: number;
  readonly savedAt: Date;
  /** Empty if the record gives no row at present. */
  readonly rows: readonly StoredValues[];
  /** The record's JSON text, stored with ordinal 0. */
  readonly source: string | undefined;
  /** See {@link Row}. */
  readonly isStored?: boolean;
}

/** What is stored under ordinal 0: the first row, or a hidden record. Its version shows which job wrote the record last. */
export function firstOf({
  recordId,
  version,
  savedAt,
  rows,
  source,
  isStored = false,
}: RecordWithRows): Row | HiddenRecord {
  const id = rowId(recordId, 0);
  const [values] = rows;
  return values
    ? { id, recordId, ordinal: 0, rowCount: rows.length, version, savedAt, values, isStored, source }
    : { id, recordId, version, savedAt, hidden: true, isStored, source };
}

/** The rows from ordinal 1, and tombstones for stored rows that the record no longer has. */
export function* othersOf(
  record: Omit<RecordWithRows, 'source' | 'isStored'>,
  storedRows: number,
): Generator<RowWrite> {
  const { recordId, version, rows } = record;
  yield* laterRowsOf(record, storedRows);
  for (let ordinal = Math.max(1, rows.length); ordinal < storedRows; ordinal += 1)
    yield tombstoneOf(recordId, ordinal, version);
}

/** The rows from ordinal 1. */
export function* laterRowsOf(
  { recordId, version, savedAt, rows }: Omit<RecordWithRows, 'source' | 'isStored'>,
  storedRows: number,
): Generator<Row> {
  const rowCount = rows.length;
  for (let ordinal = 1; ordinal < rowCount; ordinal += 1) {
    const values = rows[ordinal] ?? {};
    const isStored = ordinal < storedRows;
    yield { id: rowId(recordId, ordinal), recordId, ordinal, rowCount, version, savedAt, values, isStored };
  }
}

/** Whether anything is written under ordinals from 1, if a record had and has so many rows. */
export function hasOthers(rowCount: number, storedRows: number): boolean {
  return rowCount > 1 || storedRows > 1;
}

export function tombstoneOf(recordId: string, ordinal: number, version: number): Tombstone {
  return { id: rowId(recordId, ordinal), version, deleted: true };
}
