import type { StoredScalar, StoredValue } from '../../../domain/design/stored-value.js';
import type { StoredRow } from '../../../ports/record-store.js';
import type { HiddenRecord, Row } from '../../../ports/row-writes.js';

/** The values of `d`: what tombstones and hidden records are found by. */
export const DELETED = true;
export const HIDDEN = 'hidden';

/** A row, hidden record or tombstone as stored in a generation's collection. Columns are stored under their stored keys; null is the absence of a field. */
export interface RowDocument {
  readonly _id: string;
  /** Version. */
  readonly v: number;
  /** Record id, ordinal, the record's number of rows, and when it was saved; absent on tombstones. Hidden records have only the first and the last. */
  readonly r?: string;
  readonly o?: number;
  readonly n?: number;
  readonly s?: Date;
  /** The source record as JSON text. */
  readonly j?: string | undefined;
  /** Absent on rows, so that every read of rows asks for documents without it. */
  readonly d?: typeof DELETED | typeof HIDDEN;
  /** Only on tombstones: when it was written, by the server's clock. */
  readonly t?: Date;
  readonly [storedKey: `c${number}`]: StoredValue | undefined;
}

/** A row or hidden record as it is stored; undefined values are not stored. */
export function toDocument(write: Row | HiddenRecord): RowDocument {
  const { id, version, recordId, savedAt, source } = write;
  if ('hidden' in write) return { _id: id, v: version, r: recordId, s: savedAt, j: source, d: HIDDEN };
  const { ordinal, rowCount, values } = write;
  return { _id: id, v: version, r: recordId, o: ordinal, n: rowCount, s: savedAt, j: source, ...values };
}

export function isArray(value: StoredValue): value is readonly (StoredScalar | null)[] {
  return Array.isArray(value);
}

export function toRow(document: RowDocument): Row {
  const { _id: id, v: version, r, o, n, s, j, d: _deleted, t: _writtenAt, ...values } = document;
  const recordId = r ?? id;
  return { id, recordId, ordinal: o ?? 0, rowCount: n ?? 1, version, savedAt: s ?? new Date(0), values, source: j };
}

export function toStoredRow(document: RowDocument & { readonly size: number }, withSource: boolean): StoredRow {
  const { _id: id, v: version, d, n, j, size: bytes } = document;
  const source = withSource ? j : undefined;
  return { id, version, rowCount: d === undefined ? (n ?? 1) : 0, hidden: d === HIDDEN, bytes, source };
}

export function toHiddenRecord({ _id: id, v: version, r, s, j }: RowDocument): HiddenRecord {
  return { id, recordId: r ?? id, version, savedAt: s ?? new Date(0), hidden: true, source: j };
}
