import type { StoredScalar, StoredValue, StoredValues } from '../../../domain/design/stored-value.js';
import { isGeoPoint } from '../../../domain/geo-point.js';
import type { HiddenRecord, Row } from '../../../ports/row-writes.js';
import {
  beginArray,
  beginDocument,
  booleanElement,
  dateElement,
  endOfDocument,
  firstElement,
  indexName,
  nullElement,
  numberElement,
  textElement,
} from './bson-elements.js';
import { HIDDEN, isArray } from './row-document.js';
import { headElements } from './row-head.js';
import { sizeOfRow, sizeOfText } from './row-size.js';

/** The most bytes of a document without its ids, its source and its columns. */
const OWN_BYTES = 120;
const NAMES_KEPT = 10_000;

/** The names of columns in documents. All designs have the same ones: `c1`, `c2`, and so on. */
const names = new Map<string, Buffer>();

const KEYS = {
  source: Buffer.from('j\0'),
  kind: Buffer.from('d\0'),
  lon: Buffer.from('lon\0'),
  lat: Buffer.from('lat\0'),
};

/** The most bytes that {@link writeRowBson} writes. */
export function mostRowBytes(write: Row | HiddenRecord): number {
  const { id, recordId, source = '' } = write;
  const values = 'hidden' in write ? 0 : sizeOfRow(write.values);
  return OWN_BYTES + 3 * (id.length + recordId.length) + sizeOfText(source) + values;
}

/** Writes a row or hidden record as BSON, as `toDocument` describes it, at an offset. Returns the offset after it. Takes half the time of the driver, which must expect any object. */
export function writeRowBson(target: Buffer, at: number, write: Row | HiddenRecord): number {
  const { source } = write;
  let next = headElements(target, firstElement(at), write, 'hidden' in write ? null : write);
  if (source !== undefined) next = textElement(target, next, KEYS.source, source);
  next = 'hidden' in write ? textElement(target, next, KEYS.kind, HIDDEN) : valueElements(target, next, write.values);
  return endOfDocument(target, at, next);
}

function valueElements(target: Buffer, at: number, values: StoredValues): number {
  let next = at;
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) next = valueElement(target, next, nameOf(key), value);
  }
  return next;
}

function valueElement(target: Buffer, at: number, name: Buffer, value: StoredValue): number {
  if (typeof value !== 'object' || value instanceof Date) return scalarElement(target, at, name, value);
  if (isArray(value)) return arrayElement(target, at, name, value);
  if (!isGeoPoint(value)) throw new TypeError('a value of a row is neither a scalar nor an array nor a point');
  const start = beginDocument(target, at, name);
  let next = firstElement(start);
  next = numberElement(target, next, KEYS.lon, value.lon);
  next = numberElement(target, next, KEYS.lat, value.lat);
  return endOfDocument(target, start, next);
}

function arrayElement(target: Buffer, at: number, name: Buffer, elements: readonly (StoredScalar | null)[]): number {
  const start = beginArray(target, at, name);
  let next = firstElement(start);
  for (let index = 0; index < elements.length; index += 1) {
    const one = elements[index] ?? null;
    const indexed = indexName(index);
    next = one === null ? nullElement(target, next, indexed) : scalarElement(target, next, indexed, one);
  }
  return endOfDocument(target, start, next);
}

function scalarElement(target: Buffer, at: number, name: Buffer, value: StoredScalar): number {
  if (typeof value === 'string') return textElement(target, at, name, value);
  if (typeof value === 'number') return numberElement(target, at, name, value);
  if (typeof value === 'boolean') return booleanElement(target, at, name, value);
  return dateElement(target, at, name, value.getTime());
}

function nameOf(storedKey: string): Buffer {
  let name = names.get(storedKey);
  if (!name) {
    name = Buffer.from(`${storedKey}\0`);
    if (names.size < NAMES_KEPT) names.set(storedKey, name);
  }
  return name;
}
