import type { PlainColumn, PlainLayout } from '../../../domain/plain/plain-layout.js';
import { ABSENT, type PlainRow } from '../../../domain/plain/plain-payload.js';
import { copyBytes, elementAfter, endOfScalar, instantAt, NOT_PLAIN } from '../../../domain/plain/plain-value.js';
import type { PlainWrite } from '../../../ports/row-writes.js';

/** A name, and the most bytes of a date in milliseconds. */
const DATE_BYTES = 16;
/** The most bytes of the lines of a row, without its ids and its columns. */
const HEAD_BYTES = 200;

const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;

/** For each column of a layout, the bytes before its value. */
const prefixesOfLayouts = new WeakMap<PlainLayout, readonly Buffer[]>();

function prefixesOf(layout: PlainLayout): readonly Buffer[] {
  let known = prefixesOfLayouts.get(layout);
  if (!known) {
    known = layout.columns.map(({ storedKey, type }) =>
      Buffer.from(`,"${storedKey}${type === 'DATETIME' ? 'd' : ''}":`),
    );
    prefixesOfLayouts.set(layout, known);
  }
  return known;
}

/** The most bytes that {@link writePlainLines} writes. */
export function mostPlainBytes({ id, plain }: PlainWrite): number {
  const { payload, at } = plain;
  const { places, layout } = payload;
  const prefixes = prefixesOf(layout);
  let bytes = HEAD_BYTES + 4 * id.length;
  // No `entries()`, here and below: a pair for each column would be most of the garbage of a load.
  for (let index = 0; index < prefixes.length; index += 1) {
    const start = places[at + 2 * index] ?? ABSENT;
    if (start === ABSENT) continue;
    const length = (places[at + 2 * index + 1] ?? start) - start;
    bytes +=
      (prefixes[index]?.length ?? 0) + (layout.columns[index]?.type === 'DATETIME' ? 2 * length + DATE_BYTES : length);
  }
  return bytes;
}

/** Writes the two lines of a bulk for the row of a plain record at an offset, its scalars as they are spelled. Returns the offset after them. */
export function writePlainLines(target: Buffer, at: number, write: PlainWrite): number {
  const { id, version, savedAt, plain } = write;
  const action = `{"index":{"_id":"${id}","version":${version},"version_type":"external"}}\n`;
  const source = at + action.length;
  const head = `${action}{"i":"${id}","m":${savedAt.getTime()}`;
  let next = at + target.write(head, at, 'latin1');
  next = writeColumns(target, next, plain);
  return next + target.write(`,"b":${next - source}}\n`, next, 'latin1');
}

function writeColumns(target: Buffer, at: number, { payload, at: from }: PlainRow): number {
  const { layout, bytes, places } = payload;
  const prefixes = prefixesOf(layout);
  let next = at;
  for (let index = 0; index < prefixes.length; index += 1) {
    const prefix = prefixes[index];
    const column = layout.columns[index];
    const start = places[from + 2 * index] ?? ABSENT;
    if (start === ABSENT || !column || !prefix) continue;
    next = copyBytes(target, next, prefix, 0, prefix.length);
    const end = places[from + 2 * index + 1] ?? start;
    if (column.isArray) next = writeArray(target, next, bytes, start, column);
    else if (column.type === 'DATETIME') next = writeInstant(target, next, bytes, start);
    else next = copyBytes(target, next, bytes, start, end);
  }
  return next;
}

function writeInstant(target: Buffer, at: number, bytes: Buffer, start: number): number {
  return at + target.write(String(instantAt(bytes, start)), at, 'latin1');
}

/** Without the white space between elements: a line must not have a line break. */
function writeArray(target: Buffer, at: number, bytes: Buffer, start: number, { type }: PlainColumn): number {
  let next = at;
  for (let element = elementAfter(bytes, start); element !== NOT_PLAIN; ) {
    target[next] = next === at ? OPENING_BRACKET : COMMA;
    const end = endOfScalar(bytes, element, type);
    next =
      type === 'DATETIME'
        ? writeInstant(target, next + 1, bytes, element)
        : copyBytes(target, next + 1, bytes, element, end);
    element = elementAfter(bytes, end);
  }
  target[next] = CLOSING_BRACKET;
  return next + 1;
}
