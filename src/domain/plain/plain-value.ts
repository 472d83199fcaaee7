import type { ColumnType } from '../sample/source-field.js';

/** The types of plain values. */
export const PLAIN_TYPES = ['TEXT', 'NUMERIC', 'BOOLEAN', 'DATETIME'] as const;
export type PlainType = (typeof PLAIN_TYPES)[number];

/** The type of the plain values that a column has, alone or in arrays; null if it has none. */
export function plainTypeOf(type: ColumnType): PlainType | null {
  return PLAIN_TYPES.find((plain) => type === plain || type === `${plain}_ARRAY`) ?? null;
}

/** What is returned in place of an offset if a value is not plain. */
export const NOT_PLAIN = -1;

/** A longer text is not plain: a record store may have to keep it in parts. */
const TEXT_BYTES = 800;
/** The mantissa of a number with so few digits is exact as a double. The point counts as a digit. */
const DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const UPPER_T = 0x54;
const UPPER_Z = 0x5a;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const LOWER_F = 0x66;
const LOWER_T = 0x74;

/** The offset after white space. */
export function afterSpace(bytes: Uint8Array, at: number): number {
  let next = at;
  for (let byte = bytes[next]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[next])
    next += 1;
  return next;
}

/** The offset after the plain scalar of this type at an offset of valid JSON; {@link NOT_PLAIN} if there is another value. */
export function endOfScalar(bytes: Uint8Array, at: number, type: PlainType): number {
  if (type === 'TEXT') return endOfText(bytes, at);
  if (type === 'NUMERIC') return endOfNumber(bytes, at);
  if (type === 'DATETIME') return endOfInstant(bytes, at);
  const byte = bytes[at];
  return byte === LOWER_T ? at + 4 : byte === LOWER_F ? at + 5 : NOT_PLAIN;
}

/** The same for an array of such scalars with at least one element. */
export function endOfArray(bytes: Uint8Array, at: number, type: PlainType): number {
  let next = at;
  do {
    next = elementAfter(bytes, next);
    if (next === NOT_PLAIN) return NOT_PLAIN;
    next = endOfScalar(bytes, next, type);
    if (next === NOT_PLAIN) return NOT_PLAIN;
    next = afterSpace(bytes, next);
  } while (bytes[next] !== CLOSING_BRACKET);
  return next + 1;
}

/** The offset of the next element after the opening bracket, or after an element of the array and white space; {@link NOT_PLAIN} if there is none. */
export function elementAfter(bytes: Uint8Array, at: number): number {
  const next = afterSpace(bytes, at);
  const byte = bytes[next];
  return byte === OPENING_BRACKET || byte === COMMA ? afterSpace(bytes, next + 1) : NOT_PLAIN;
}

/** Text without escapes, so that its bytes are its UTF-8 form. */
function endOfText(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return NOT_PLAIN;
  const most = at + TEXT_BYTES;
  for (let end = at + 1; end < most; end += 1) {
    const byte = bytes[end];
    if (byte === QUOTE) return end + 1;
    if (byte === BACKSLASH) return NOT_PLAIN;
  }
  return NOT_PLAIN;
}

/** A decimal without exponent that is not a negative zero. */
function endOfNumber(bytes: Uint8Array, at: number): number {
  const isNegative = bytes[at] === MINUS;
  const start = isNegative ? at + 1 : at;
  let end = start;
  let isZero = true;
  for (let byte = bytes[end] ?? 0; (byte >= ZERO && byte <= NINE) || byte === DOT; byte = bytes[end] ?? 0) {
    if (byte > ZERO) isZero = false;
    end += 1;
  }
  const isExponent = ((bytes[end] ?? 0) | 0x20) === 0x65;
  const isOther = end === start || end - start > DIGITS || isExponent;
  return isOther || (isNegative && isZero) ? NOT_PLAIN : end;
}

/** The number at an offset, which {@link endOfScalar} found to be plain. */
export function numberAt(bytes: Uint8Array, at: number, end: number): number {
  const isNegative = bytes[at] === MINUS;
  let mantissa = 0;
  let fraction = 0;
  for (let next = isNegative ? at + 1 : at; next < end; next += 1) {
    const byte = bytes[next] ?? 0;
    if (byte === DOT) fraction = end - next - 1;
    else mantissa = mantissa * 10 + byte - ZERO;
  }
  // Both are exact, so the quotient is the double that is nearest to the decimal.
  const value = fraction === 0 ? mantissa : mantissa / (POWERS_OF_TEN[fraction] ?? 1);
  return isNegative ? -value : value;
}

/** `"2024-02-29"`, or `"2024-02-29T12:00:00"` with or without three digits of a fraction, and with or without a `Z`. */
function endOfInstant(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE || Number.isNaN(instantAt(bytes, at))) return NOT_PLAIN;
  let end = at + 11;
  if (bytes[end] !== QUOTE) {
    end = at + 20;
    if (bytes[end] === DOT) end += 4;
    if (bytes[end] === UPPER_Z) end += 1;
  }
  return bytes[end] === QUOTE ? end + 1 : NOT_PLAIN;
}

/** The instant that a text at an offset names, in milliseconds since 1970; NaN if it is not plain. */
export function instantAt(bytes: Uint8Array, at: number): number {
  const year = digitsAt(bytes, at + 1, 4);
  const month = digitsAt(bytes, at + 6, 2);
  const day = digitsAt(bytes, at + 9, 2);
  if (bytes[at + 5] !== MINUS || bytes[at + 8] !== MINUS || !isDay(year, month, day)) return Number.NaN;
  const midnight = daysBefore(year, month, day) * MS_PER_DAY;
  if (bytes[at + 11] === QUOTE) return midnight;
  const [hour, minute] = [digitsAt(bytes, at + 12, 2), digitsAt(bytes, at + 15, 2)];
  const second = digitsAt(bytes, at + 18, 2);
  if (bytes[at + 11] !== UPPER_T || bytes[at + 14] !== COLON || bytes[at + 17] !== COLON) return Number.NaN;
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  const fraction = bytes[at + 20] === DOT ? digitsAt(bytes, at + 21, 3) : 0;
  return midnight + ((hour * 60 + minute) * 60 + second) * 1_000 + fraction;
}

const MS_PER_DAY = 86_400_000;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const FEBRUARY = 2;

/** NaN if not all are digits. */
function digitsAt(bytes: Uint8Array, at: number, count: number): number {
  let number = 0;
  for (let next = at; next < at + count; next += 1) {
    const digit = (bytes[next] ?? 0) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

function isDay(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === FEBRUARY && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return year >= 0 && day >= 1 && day <= last;
}

/** The days from 1970-01-01 to a day of the Gregorian calendar. In years that begin in March, the leap day is the last one. */
function daysBefore(year: number, month: number, day: number): number {
  const marchYear = month > FEBRUARY ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Copies a piece of bytes to an offset, and returns the offset after it. Most pieces are short, and a loop is faster for those. */
export function copyBytes(target: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): number {
  for (let from = start, to = at; from < end; from += 1, to += 1) target[to] = bytes[from] ?? 0;
  return at + end - start;
}
