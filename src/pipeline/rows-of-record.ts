import type { StoredValues } from '../domain/design/stored-value.js';
import { rowId } from '../domain/record-id.js';
import type { RowWrite } from '../ports/record-store.js';

/** A record and its rows, ready to be stored. */
export interface RecordWithRows {
  readonly recordId: string;
  readonly version: number;
  readonly savedAt: Date;
  readonly rows: readonly StoredValues[];
  /** The record's JSON text, stored with its first row. */
  readonly source: string | undefined;
}

/**
 * Yields a record's rows, and tombstones for stored rows that it no longer has. Yields at least one row or tombstone, whose version shows which job wrote the record
 * last.
 */
export function* rowsAndTombstones(record: RecordWithRows, storedRows: number): Generator<RowWrite> {
  const { recordId, version, savedAt, rows, source } = record;
  const rowCount = rows.length;
  for (const [ordinal, values] of rows.entries()) {
    const row = { id: rowId(recordId, ordinal), recordId, ordinal, rowCount, version, savedAt, values };
    yield ordinal === 0 && source !== undefined ? { ...row, source } : row;
  }
  for (let ordinal = rowCount; ordinal < Math.max(1, storedRows); ordinal += 1)
    yield { id: rowId(recordId, ordinal), version, deleted: true };
}
