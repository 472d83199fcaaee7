import type { StoredValue } from '../../../domain/design/stored-value.js';
import { recordIdOf, rowId } from '../../../domain/record-id.js';
import type { HiddenRecord, Row } from '../../../ports/row-writes.js';

/** Record id, ordinal, the record's number of rows, and when it was saved, in milliseconds. */
type Origin = readonly [string, number, number, number];

/** A row as stored in an index. Columns are stored under their fields; null is the absence of a field. */
export interface RowSource {
  /** The row's id: Elasticsearch does not sort by its own `_id`. */
  readonly i: string;
  /** Record id, ordinal, the record's number of rows, and when it was saved, in milliseconds. Only the last of these for a record's only row, whose id has the record's. */
  readonly m?: Origin | number;
  /** About how many bytes the source has; this limits how much is read at a time. */
  readonly b?: number;
  /** Values, by stored key, that their fields do not contain in full: texts longer than their indexed part, and arrays without an element that can be indexed. */
  readonly x?: Record<string, unknown>;
  /** The stored keys of those arrays, which are not null. */
  readonly e?: readonly string[];
  /** Parts and hashes of cut texts (see `text-forms.ts`), which are never read back. */
  readonly p?: readonly string[];
  /** The source record as JSON text. */
  readonly j?: string;
  /** Dates under the stored key and a `d`, in milliseconds; texts above 890 bytes also under it and an `l`, and the numbers of points under it and an `x` or `y`: these are never read back. */
  readonly [field: `c${number}`]: unknown;
}

/** A hidden record as stored in an index: its id is in another field than those of rows, so that neither is read to find the other. */
export interface HiddenSource {
  /** Its id. */
  readonly h: string;
  /** As in {@link RowSource}, with 0 rows. */
  readonly m: Origin;
  readonly b?: number;
  readonly j?: string;
}

/** A tombstone as stored in an index, its id in another field too. */
export interface TombstoneSource {
  /** Its id. */
  readonly d: string;
  /** When it was written, by the server's clock, in milliseconds. */
  readonly t: number;
}

/** Where a row comes from, as JSON text for its member `m`. */
export function originJson(
  { id, recordId, savedAt }: Pick<Row, 'id' | 'recordId' | 'savedAt'>,
  ordinal: number,
  rowCount: number,
): string {
  const isOnly = rowCount === 1 && ordinal === 0 && id === rowId(recordId, 0);
  return isOnly
    ? String(savedAt.getTime())
    : `[${JSON.stringify(recordId)},${ordinal},${rowCount},${savedAt.getTime()}]`;
}

/** Match everything but rows: tombstones and hidden records. */
export const NO_ROW = [{ exists: { field: 'd' } }, { exists: { field: 'h' } }];

/** What a search returns for a row, or for a hidden record. */
export interface RowHit<TSource = RowSource> {
  readonly version: number;
  readonly source: TSource;
}

/** Reads a row back; without its source record if the response does not have it. */
export function toRow({ version, source }: RowHit): Row {
  const { i: id, m, b: _bytes, x, e: _valueless, p: _parts, j, ...fields } = source;
  const [recordId, ordinal, rowCount, savedAt] =
    typeof m === 'number' ? [recordIdOf(id), 0, 1, m] : (m ?? [id, 0, 1, 0]);
  const values: Record<string, StoredValue> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (field.endsWith('d')) values[field.slice(0, -1)] = toDates(value as number | (number | null)[]);
    else values[field] = value as StoredValue;
  }
  Object.assign(values, x);
  return { id, recordId, ordinal, rowCount, version, savedAt: new Date(savedAt), values, source: j };
}

/** Reads a hidden record back. */
export function toHiddenRecord({ version, source: { h: id, m, j } }: RowHit<HiddenSource>): HiddenRecord {
  const [recordId, , , savedAt] = m;
  return { id, recordId, version, savedAt: new Date(savedAt), hidden: true, source: j };
}

function toDates(value: number | (number | null)[]): StoredValue {
  return Array.isArray(value) ? value.map((one) => (one === null ? null : new Date(one))) : new Date(value);
}
