import type { StoredScalar, StoredValue } from '../../../domain/design/stored-value.js';
import type { Row } from '../../../ports/record-store.js';
import { longTexts } from './long-text.js';
import { addParts, indexedValue } from './text-forms.js';

/** A row as it stands in an index. Columns stand under their fields; null is absence. */
export interface RowSource {
  /** The row's id: Elasticsearch does not sort by its own. */
  readonly i: string;
  /** Record id, ordinal, the record's number of rows, and when it was saved, in milliseconds. */
  readonly m?: readonly [string, number, number, number];
  /** The bytes of the source, about: what is read at once is bounded by them. */
  readonly b?: number;
  /** Values by stored key that are not wholly in their fields: texts longer than what is indexed, and arrays without an element that could be. */
  readonly x?: Record<string, unknown>;
  /** The stored keys of those arrays: they are not null. */
  readonly e?: readonly string[];
  /** Parts and hashes of cut texts (see `text-forms.ts`), which are never read back. */
  readonly p?: readonly string[];
  /** The source record as JSON text. */
  readonly j?: string;
  /** Dates under the stored key and a `d`, in milliseconds; texts above 890 bytes also under it and an `l`, which is never read back. */
  readonly [field: `c${number}`]: unknown;
}

/** A tombstone as it stands in an index: under another field than rows, so that neither is read to find the other. */
export interface TombstoneSource {
  /** Its id. */
  readonly d: string;
  /** When it was written, by the server's clock, in milliseconds. */
  readonly t: number;
}

/** What a search answers of a row. */
export interface RowHit {
  readonly version: number;
  readonly source: RowSource;
}

/** A row as JSON text, to be written. */
export function rowJson({ id, recordId, ordinal, rowCount, savedAt, values, source }: Row): string {
  const written: WrittenValues = { fields: {}, whole: {}, valueless: [], parts: [] };
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) addValue(key, value, written);
  }
  const { fields, whole, valueless, parts } = written;
  const own = {
    i: id,
    m: [recordId, ordinal, rowCount, savedAt.getTime()],
    ...(Object.keys(whole).length > 0 && { x: whole }),
    ...(valueless.length > 0 && { e: valueless }),
    ...(parts.length > 0 && { p: parts }),
    ...(source !== undefined && { j: source }),
  };
  const json = JSON.stringify({ ...own, ...fields });
  // Its own size, which is known only now.
  return `{"b":${Buffer.byteLength(json)},${json.slice(1)}`;
}

/** A row's values on their way into {@link RowSource}: its columns' fields, and what it calls `x`, `e` and `p`. */
interface WrittenValues {
  readonly fields: Record<string, unknown>;
  readonly whole: Record<string, StoredValue>;
  readonly valueless: string[];
  readonly parts: string[];
}

function addValue(key: string, value: StoredValue, { fields, whole, valueless, parts }: WrittenValues): void {
  if (isArray(value) && value.every((one) => one === null)) {
    valueless.push(key);
    whole[key] = value;
    return;
  }
  const indexed = indexedValue(value);
  if (indexed !== value) whole[key] = value;
  if (isDate(indexed)) fields[`${key}d`] = toMillis(indexed);
  else fields[key] = indexed;
  const long = longTexts(indexed);
  if (long !== undefined) fields[`${key}l`] = long;
  addParts(key, value, parts);
}

/** A tombstone as JSON text, written at this time of the server. */
export function tombstoneJson(id: string, writtenAt: number): string {
  const source: TombstoneSource = { d: id, t: writtenAt };
  return JSON.stringify(source);
}

/** A row as it was written; without its source record where that was left out of the answer. */
export function toRow({ version, source }: RowHit): Row {
  const { i: id, m, b: _bytes, x, e: _valueless, p: _parts, j, ...fields } = source;
  const [recordId, ordinal, rowCount, savedAt] = m ?? [id, 0, 1, 0];
  const values: Record<string, StoredValue> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (field.endsWith('d')) values[field.slice(0, -1)] = toDates(value as number | (number | null)[]);
    else values[field] = value as StoredValue;
  }
  Object.assign(values, x);
  const row = { id, recordId, ordinal, rowCount, version, savedAt: new Date(savedAt), values };
  return j === undefined ? row : { ...row, source: j };
}

function isArray(value: StoredValue): value is readonly (StoredScalar | null)[] {
  return Array.isArray(value);
}

function isDate(value: StoredValue): value is Date | readonly (Date | null)[] {
  return value instanceof Date || (isArray(value) && value.some((one) => one instanceof Date));
}

function toMillis(value: Date | readonly (Date | null)[]): number | (number | null)[] {
  return value instanceof Date ? value.getTime() : value.map((one) => one?.getTime() ?? null);
}

function toDates(value: number | (number | null)[]): StoredValue {
  return Array.isArray(value) ? value.map((one) => (one === null ? null : new Date(one))) : new Date(value);
}
