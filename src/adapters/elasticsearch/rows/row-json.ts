import type { StoredValue } from '../../../domain/design/stored-value.js';
import { type GeoPoint, isGeoPoint } from '../../../domain/geo-point.js';
import type { HiddenRecord, Row } from '../../../ports/row-writes.js';
import { pointFieldsOf } from '../generation-index.js';
import { longTexts } from './long-text.js';
import { originJson, type TombstoneSource } from './row-source.js';
import { addParts, indexedValue } from './text-forms.js';

/** What does not fit into the fields of the columns. */
interface Extra {
  whole: string;
  valueless: string;
  readonly parts: string[];
}

/** Writes a row as JSON text, as {@link RowSource} describes it. Member by member: to build an object first takes several times as long. */
export function rowJson(row: Row): string {
  const { id, ordinal, rowCount, values, source } = row;
  const extra: Extra = { whole: '', valueless: '', parts: [] };
  let json = `"i":${JSON.stringify(id)},"m":${originJson(row, ordinal, rowCount)}`;
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) json += membersOf(key, value, extra);
  }
  const { whole, valueless, parts } = extra;
  if (whole !== '') json += `,"x":{${whole.slice(1)}}`;
  if (valueless !== '') json += `,"e":[${valueless.slice(1)}]`;
  if (parts.length > 0) json += `,"p":${JSON.stringify(parts)}`;
  return withSize(json, source);
}

/** Writes a hidden record as JSON text, as {@link HiddenSource} describes it. */
export function hiddenJson({ id, recordId, savedAt, source }: HiddenRecord): string {
  return withSize(`"h":${JSON.stringify(id)},"m":[${JSON.stringify(recordId)},0,0,${savedAt.getTime()}]`, source);
}

/** Writes a tombstone as JSON text, with this time of the server. */
export function tombstoneJson(id: string, writtenAt: number): string {
  const source: TombstoneSource = { d: id, t: writtenAt };
  return JSON.stringify(source);
}

/** The object with these members, the source record, and its own size in `b`. */
function withSize(members: string, source: string | undefined): string {
  const all = source === undefined ? members : `${members},"j":${JSON.stringify(source)}`;
  return `{${all},"b":${Buffer.byteLength(all)}}`;
}

function pointMembers(storedKey: string, point: GeoPoint): string {
  const { lat, lon } = pointFieldsOf({ storedKey });
  return `,"${storedKey}":${JSON.stringify(point)},"${lat}":${point.lat},"${lon}":${point.lon}`;
}

/** The members for the value of a column, each after a comma. */
function membersOf(key: string, value: StoredValue, extra: Extra): string {
  if (typeof value === 'number' || typeof value === 'boolean') return `,"${key}":${value}`;
  if (value instanceof Date) return `,"${key}d":${value.getTime()}`;
  if (isGeoPoint(value)) return pointMembers(key, value);
  if (typeof value !== 'string' && value.every((one) => one === null)) {
    extra.valueless += `,"${key}"`;
    extra.whole += `,"${key}":${JSON.stringify(value)}`;
    return '';
  }
  const indexed = indexedValue(value);
  if (indexed !== value) extra.whole += `,"${key}":${JSON.stringify(value)}`;
  const long = longTexts(indexed);
  addParts(key, value, extra.parts);
  const member = isDates(indexed)
    ? `,"${key}d":${JSON.stringify(indexed.map(toMillis))}`
    : `,"${key}":${JSON.stringify(indexed)}`;
  return long === undefined ? member : `${member},"${key}l":${JSON.stringify(long)}`;
}

function isDates(value: StoredValue): value is readonly (Date | null)[] {
  return Array.isArray(value) && value.some((one) => one instanceof Date);
}

function toMillis(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}
