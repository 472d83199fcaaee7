import type { StoredValues } from '../domain/design/stored-value.js';
import type { PlainRow } from '../domain/plain/plain-payload.js';

/** One row as the pipeline writes it. */
export interface Row {
  /** Made of the record's id and the ordinal ({@link rowId}), the same whenever the record is loaded again. */
  readonly id: string;
  readonly recordId: string;
  /** The number of this row within its record, from 0. */
  readonly ordinal: number;
  /** How many rows its record has. */
  readonly rowCount: number;
  /** Grows with the lane position of the job that wrote it ({@link versionOf}). */
  readonly version: number;
  readonly savedAt: Date;
  readonly values: StoredValues;
  /** The whole record as JSON text. Only ordinal 0 has it, and only if upserts may need it or no other place has it. It is stored with the values, and never queried. */
  readonly source?: string;
  /** Only in writes: whether anything was stored under the id when the record was read. A hint at how to write it; the result is the same. */
  readonly isStored?: boolean;
}

/**
 * A record that is held and gives no row at present, under the id of its first row, so that its version and source are kept. It is never swept. Only `StoredRows.readRows`,
 * `StoredRows.readSources` and `StoredRows.scanHidden` return it: queries and counts leave it out.
 */
export interface HiddenRecord {
  readonly id: string;
  readonly recordId: string;
  readonly version: number;
  readonly savedAt: Date;
  readonly hidden: true;
  /** As in {@link Row}. */
  readonly source?: string;
  /** As in {@link Row}. */
  readonly isStored?: boolean;
}

/** A deleted row, kept so that a late write of an older version cannot bring it back. Every read leaves it out. */
export interface Tombstone {
  readonly id: string;
  readonly version: number;
  readonly deleted: true;
}

/** The only row of a plain record, which a store may write from the bytes of the payload. `rowOf` makes it a {@link Row}. */
export interface PlainWrite {
  /** `rowId(recordId, 0)`: a store need not keep both. */
  readonly id: string;
  readonly recordId: string;
  readonly version: number;
  readonly savedAt: Date;
  readonly plain: PlainRow;
}

/** A row or hidden record that is encoded for the store already: the bytes from `start` to `end`. */
export interface EncodedWrite {
  readonly id: string;
  readonly version: number;
  readonly encoded: Buffer;
  readonly start: number;
  readonly end: number;
}

/** What is written under a row's id. It replaces what is stored there, of whichever kind, if its version is greater. */
export type RowWrite = Row | HiddenRecord | Tombstone | PlainWrite | EncodedWrite;
