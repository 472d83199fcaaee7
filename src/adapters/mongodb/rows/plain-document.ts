import type { PlainColumn, PlainLayout } from '../../../domain/plain/plain-layout.js';
import { ABSENT, type PlainRow } from '../../../domain/plain/plain-payload.js';
import { elementAfter, endOfScalar, instantAt, NOT_PLAIN, numberAt } from '../../../domain/plain/plain-value.js';
import type { PlainWrite } from '../../../ports/row-writes.js';
import {
  beginArray,
  booleanElement,
  dateElement,
  endOfDocument,
  firstElement,
  indexName,
  numberElement,
  utf8Element,
} from './bson-elements.js';
import { headElements } from './row-head.js';

/** The most bytes of a document without its ids and its columns. */
const OWN_BYTES = 100;
/** The most bytes that a scalar takes in addition to its text and its name: type, name's end, length, and the end of a text; or a number. */
const SCALAR_BYTES = 10;
/** The same for an element of an array, whose name is its index. The text of the array has at least two bytes for each. */
const ELEMENT_TIMES = 10;

/** A plain record has one row. */
const ONLY_ROW = { ordinal: 0, rowCount: 1 };

/** For each column of a layout, its name in a document. */
const namesOfLayouts = new WeakMap<PlainLayout, readonly Buffer[]>();

function namesOf(layout: PlainLayout): readonly Buffer[] {
  let known = namesOfLayouts.get(layout);
  if (!known) {
    known = layout.columns.map(({ storedKey }) => Buffer.from(`${storedKey}\0`));
    namesOfLayouts.set(layout, known);
  }
  return known;
}

/** The most bytes that {@link writePlainDocument} writes. */
export function mostPlainBytes({ id, plain }: PlainWrite): number {
  const { payload, at } = plain;
  const { places, layout } = payload;
  const names = namesOf(layout);
  let bytes = OWN_BYTES + 2 * id.length;
  // No `entries()`, here and below: a pair for each column would be most of the garbage of a load.
  for (let index = 0; index < names.length; index += 1) {
    const start = places[at + 2 * index] ?? ABSENT;
    if (start === ABSENT) continue;
    const length = (places[at + 2 * index + 1] ?? start) - start;
    bytes +=
      (names[index]?.length ?? 0) + SCALAR_BYTES + (layout.columns[index]?.isArray ? ELEMENT_TIMES * length : length);
  }
  return bytes;
}

/** Writes the row of a plain record as BSON, as `toDocument` describes it, at an offset. Returns the offset after it. */
export function writePlainDocument(target: Buffer, at: number, write: PlainWrite): number {
  const next = headElements(target, firstElement(at), write, ONLY_ROW);
  return endOfDocument(target, at, writeColumns(target, next, write.plain));
}

function writeColumns(target: Buffer, at: number, { payload, at: from }: PlainRow): number {
  const { layout, bytes, places } = payload;
  const names = namesOf(layout);
  const copy = { target, bytes };
  let next = at;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    const column = layout.columns[index];
    const start = places[from + 2 * index] ?? ABSENT;
    if (start === ABSENT || !column || !name) continue;
    const end = places[from + 2 * index + 1] ?? start;
    next = column.isArray
      ? arrayElement(copy, next, name, start, column.type)
      : scalarElement(copy, next, name, start, end, column.type);
  }
  return next;
}

/** From a payload to a document. One for each record and not for each value, of which there are many times as many. */
interface Copy {
  readonly target: Buffer;
  readonly bytes: Buffer;
}

/** Writes the value between two offsets of the payload. */
function scalarElement(
  { target, bytes }: Copy,
  at: number,
  name: Buffer,
  start: number,
  end: number,
  type: PlainColumn['type'],
): number {
  if (type === 'NUMERIC') return numberElement(target, at, name, numberAt(bytes, start, end));
  if (type === 'DATETIME') return dateElement(target, at, name, instantAt(bytes, start));
  if (type === 'BOOLEAN') return booleanElement(target, at, name, end - start === 4);
  return utf8Element(target, at, name, bytes, start + 1, end - 1);
}

function arrayElement(copy: Copy, at: number, name: Buffer, start: number, type: PlainColumn['type']): number {
  const { target, bytes } = copy;
  const array = beginArray(target, at, name);
  let next = firstElement(array);
  let index = 0;
  for (let element = elementAfter(bytes, start); element !== NOT_PLAIN; index += 1) {
    const end = endOfScalar(bytes, element, type);
    next = scalarElement(copy, next, indexName(index), element, end, type);
    element = elementAfter(bytes, end);
  }
  return endOfDocument(target, array, next);
}
