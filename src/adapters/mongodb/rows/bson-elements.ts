import { copyBytes } from '../../../domain/plain/plain-value.js';

/** The types of BSON elements that rows have. */
const DOUBLE = 1;
const STRING = 2;
const DOCUMENT = 3;
const ARRAY = 4;
const BOOLEAN = 8;
const DATE = 9;
const NULL = 10;
const INT32 = 16;

const GREATEST_INT32 = 2 ** 31 - 1;
const LEAST_INT32 = -(2 ** 31);
const OF_LOW_WORD = 2 ** 32;

/** Up to so many units, a loop is faster than a call of the engine. */
const SHORT_TEXT = 16;
const ASCII = 0x80;
const ZERO = 0x30;

/*
 * Each of these writes an element of a BSON document as the driver does, at an offset that has enough bytes after it, and returns the offset after it. `name` is the name with the zero byte that
 * ends it.
 */

export function textElement(target: Buffer, at: number, name: Buffer, text: string): number {
  const next = beginElement(target, at, STRING, name);
  const end = writeText(target, next + 4, text);
  target[end] = 0;
  int32(target, next, end - next - 3);
  return end + 1;
}

/** Text that is UTF-8 already. */
export function utf8Element(
  target: Buffer,
  at: number,
  name: Buffer,
  bytes: Buffer,
  start: number,
  end: number,
): number {
  const next = beginElement(target, at, STRING, name);
  int32(target, next, end - start + 1);
  const after = copyBytes(target, next + 4, bytes, start, end);
  target[after] = 0;
  return after + 1;
}

/** An integer of 32 bits is stored as such, and every other number as a double. */
export function numberElement(target: Buffer, at: number, name: Buffer, value: number): number {
  if (Number.isInteger(value) && value >= LEAST_INT32 && value <= GREATEST_INT32 && !Object.is(value, -0)) {
    const next = beginElement(target, at, INT32, name);
    int32(target, next, value);
    return next + 4;
  }
  return target.writeDoubleLE(value, beginElement(target, at, DOUBLE, name));
}

export function dateElement(target: Buffer, at: number, name: Buffer, millis: number): number {
  const next = beginElement(target, at, DATE, name);
  const high = Math.floor(millis / OF_LOW_WORD);
  int32(target, next, millis - high * OF_LOW_WORD);
  int32(target, next + 4, high);
  return next + 8;
}

export function booleanElement(target: Buffer, at: number, name: Buffer, value: boolean): number {
  const next = beginElement(target, at, BOOLEAN, name);
  target[next] = value ? 1 : 0;
  return next + 1;
}

export function nullElement(target: Buffer, at: number, name: Buffer): number {
  return beginElement(target, at, NULL, name);
}

/** Begins an element that is an array. The offset is that of its document, which {@link endOfDocument} ends. */
export function beginArray(target: Buffer, at: number, name: Buffer): number {
  return beginElement(target, at, ARRAY, name);
}

/** The same for a document. */
export function beginDocument(target: Buffer, at: number, name: Buffer): number {
  return beginElement(target, at, DOCUMENT, name);
}

/** Where the elements of a document begin whose offset is `start`. */
export function firstElement(start: number): number {
  return start + 4;
}

/** Ends the document that begins at `start`. */
export function endOfDocument(target: Buffer, start: number, at: number): number {
  target[at] = 0;
  int32(target, start, at + 1 - start);
  return at + 1;
}

const KEPT_NAMES = 1_000;
const indexNames = Array.from({ length: KEPT_NAMES }, (_, index) => Buffer.from(`${index}\0`));
/** For each number of digits, the name of a later element, until the next one is asked for. */
const laterNames: Buffer[] = [];

/** The name of an element of an array. It must be written at once. */
export function indexName(index: number): Buffer {
  return indexNames[index] ?? laterName(index);
}

function laterName(index: number): Buffer {
  let digits = 4;
  for (let least = 10 * KEPT_NAMES; index >= least; least *= 10) digits += 1;
  const name = laterNames[digits] ?? Buffer.alloc(digits + 1);
  laterNames[digits] = name;
  for (let at = digits - 1, left = index; at >= 0; at -= 1, left = Math.floor(left / 10)) name[at] = ZERO + (left % 10);
  return name;
}

function beginElement(target: Buffer, at: number, type: number, name: Buffer): number {
  target[at] = type;
  return copyBytes(target, at + 1, name, 0, name.length);
}

function writeText(target: Buffer, at: number, text: string): number {
  const { length } = text;
  if (length > SHORT_TEXT) return at + target.write(text, at);
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= ASCII) return at + target.write(text, at);
    target[at + index] = unit;
  }
  return at + length;
}

function int32(target: Buffer, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}
