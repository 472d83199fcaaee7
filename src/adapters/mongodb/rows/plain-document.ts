import type { PlainColumn, PlainLayout } from '../../../domain/plain/plain-layout.js';
import { ABSENT, type PlainRow } from '../../../domain/plain/plain-payload.js';
import {
  copyBytes,
  elementAfter,
  endOfScalar,
  instantAt,
  NOT_PLAIN,
  numberAt,
} from '../../../domain/plain/plain-value.js';
import type { PlainWrite } from '../../../ports/record-store.js';

/** The types of BSON elements. */
const DOUBLE = 1;
const STRING = 2;
const ARRAY = 4;
const BOOLEAN = 8;
const DATE = 9;
const INT32 = 16;

const GREATEST_INT32 = 2 ** 31 - 1;
const LEAST_INT32 = -(2 ** 31);
const OF_LOW_WORD = 2 ** 32;

/** The most bytes of a document without its ids and its columns. */
const OWN_BYTES = 100;
/** The most bytes that a scalar takes in addition to its text and its name: type, name's end, length, and the end of a text; or a number. */
const SCALAR_BYTES = 10;
/** The same for an element of an array, whose name is its index. The text of the array has at least two bytes for each. */
const ELEMENT_TIMES = 10;

const KEYS = { id: Buffer.from('_id\0'), v: Buffer.from('v\0'), r: Buffer.from('r\0') };
const [KEY_O, KEY_N, KEY_S] = [Buffer.from('o\0'), Buffer.from('n\0'), Buffer.from('s\0')];

/** For each column of a layout, its name in a document. */
const names = new WeakMap<PlainLayout, readonly Buffer[]>();

function namesOf(layout: PlainLayout): readonly Buffer[] {
  let known = names.get(layout);
  if (!known) {
    known = layout.columns.map(({ storedKey }) => Buffer.from(`${storedKey}\0`));
    names.set(layout, known);
  }
  return known;
}

/** The most bytes that {@link writePlainDocument} writes. */
export function mostPlainBytes({ id, plain }: PlainWrite): number {
  const { payload, at } = plain;
  const { places, layout } = payload;
  let bytes = OWN_BYTES + 2 * id.length;
  for (const [index, name] of namesOf(layout).entries()) {
    const start = places[at + 2 * index] ?? ABSENT;
    if (start === ABSENT) continue;
    const length = (places[at + 2 * index + 1] ?? start) - start;
    bytes += name.length + SCALAR_BYTES + (layout.columns[index]?.isArray ? ELEMENT_TIMES * length : length);
  }
  return bytes;
}

/** Writes the row of a plain record as BSON, as `toDocument` describes it, at an offset. Returns the offset after it. */
export function writePlainDocument(target: Buffer, at: number, write: PlainWrite): number {
  const { id, recordId, version, savedAt, plain } = write;
  let next = at + 4;
  next = asciiElement(target, next, KEYS.id, id);
  next = numberElement(target, next, KEYS.v, version);
  next = asciiElement(target, next, KEYS.r, recordId);
  next = numberElement(target, next, KEY_O, 0);
  next = numberElement(target, next, KEY_N, 1);
  next = dateElement(target, next, KEY_S, savedAt.getTime());
  next = writeColumns(target, next, plain);
  return endOfDocument(target, at, next);
}

function writeColumns(target: Buffer, at: number, { payload, at: from }: PlainRow): number {
  const { layout, bytes, places } = payload;
  let next = at;
  for (const [index, name] of namesOf(layout).entries()) {
    const column = layout.columns[index];
    const start = places[from + 2 * index] ?? ABSENT;
    if (start === ABSENT || !column) continue;
    const end = places[from + 2 * index + 1] ?? start;
    const value = { bytes, start, end, type: column.type };
    next = column.isArray ? arrayElement(target, next, name, value) : scalarElement(target, next, name, value);
  }
  return next;
}

/** A value in a payload. */
interface PlainValue {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly type: PlainColumn['type'];
}

function scalarElement(target: Buffer, at: number, name: Buffer, { bytes, start, end, type }: PlainValue): number {
  if (type === 'NUMERIC') return numberElement(target, at, name, numberAt(bytes, start, end));
  if (type === 'DATETIME') return dateElement(target, at, name, instantAt(bytes, start));
  if (type === 'BOOLEAN') {
    const next = beginElement(target, at, BOOLEAN, name);
    target[next] = end - start === 4 ? 1 : 0;
    return next + 1;
  }
  const next = beginElement(target, at, STRING, name);
  const length = end - start - 2;
  int32(target, next, length + 1);
  copyBytes(target, next + 4, bytes, start + 1, end - 1);
  target[next + 4 + length] = 0;
  return next + length + 5;
}

function arrayElement(target: Buffer, at: number, name: Buffer, { bytes, start, type }: PlainValue): number {
  const array = beginElement(target, at, ARRAY, name);
  let next = array + 4;
  let index = 0;
  for (let element = elementAfter(bytes, start); element !== NOT_PLAIN; index += 1) {
    const end = endOfScalar(bytes, element, type);
    next = scalarElement(target, next, indexName(index), { bytes, start: element, end, type });
    element = elementAfter(bytes, end);
  }
  return endOfDocument(target, array, next);
}

const indexNames: Buffer[] = [];

function indexName(index: number): Buffer {
  const name = indexNames[index] ?? Buffer.from(`${index}\0`);
  if (index < 1_000) indexNames[index] = name;
  return name;
}

function asciiElement(target: Buffer, at: number, name: Buffer, text: string): number {
  const next = beginElement(target, at, STRING, name);
  int32(target, next, text.length + 1);
  target.write(text, next + 4, 'latin1');
  target[next + 4 + text.length] = 0;
  return next + text.length + 5;
}

/** As the driver does it, an integer of 32 bits is stored as such, and every other number as a double. */
function numberElement(target: Buffer, at: number, name: Buffer, value: number): number {
  if (Number.isInteger(value) && value >= LEAST_INT32 && value <= GREATEST_INT32) {
    const next = beginElement(target, at, INT32, name);
    int32(target, next, value);
    return next + 4;
  }
  return target.writeDoubleLE(value, beginElement(target, at, DOUBLE, name));
}

function dateElement(target: Buffer, at: number, name: Buffer, millis: number): number {
  const next = beginElement(target, at, DATE, name);
  const high = Math.floor(millis / OF_LOW_WORD);
  int32(target, next, millis - high * OF_LOW_WORD);
  int32(target, next + 4, high);
  return next + 8;
}

function beginElement(target: Buffer, at: number, type: number, name: Buffer): number {
  target[at] = type;
  return copyBytes(target, at + 1, name, 0, name.length);
}

function endOfDocument(target: Buffer, start: number, at: number): number {
  target[at] = 0;
  int32(target, start, at + 1 - start);
  return at + 1;
}

function int32(target: Buffer, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}
