import type { StoredValues } from '../domain/design/stored-value.js';
import type { HiddenRecord, Row } from './row-writes.js';

/** How a record store is sent rows. Needs no connection to it, so threads without one use it. */
export interface RowEncoding {
  /** See `RowWriter.sizeOf`. */
  sizeOf(values: StoredValues): number;
  encode(write: Row | HiddenRecord): EncodedRow;
}

/** What the store is sent of one row or hidden record. */
export interface EncodedRow {
  readonly maxBytes: number;
  /** Writes it at an offset. Returns the offset after it. */
  writeTo(target: Buffer, at: number): number;
}
