import { JsonFault, unexpected } from './json-fault.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_U = 0x75;
const FIRST_PRINTABLE = 0x20;
const ESCAPES: readonly number[] = [...Buffer.from('"\\/bfnrt')];
const HEX_DIGITS = 4;

/** The offset after the string whose content begins at `at`. Throws a {@link JsonFault}. */
export function endOfString(bytes: Buffer, at: number): number {
  let end = at;
  for (;;) {
    const byte = bytes[end];
    if (byte === QUOTE) return end + 1;
    if (byte === BACKSLASH) end = endOfEscape(bytes, end + 1);
    else if (byte === undefined || byte < FIRST_PRINTABLE) throw controlIn(bytes, end);
    else end += 1;
  }
}

/** `at`: the offset after the backslash. */
function endOfEscape(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === LOWER_U) return endOfHexDigits(bytes, at + 1);
  if (byte !== undefined && ESCAPES.includes(byte)) return at + 1;
  throw unexpected(bytes, at, 'after a backslash; write a backslash in a text as \\\\');
}

function endOfHexDigits(bytes: Buffer, at: number): number {
  for (let digit = at; digit < at + HEX_DIGITS; digit += 1) {
    if (!isHexDigit(bytes[digit])) throw unexpected(bytes, digit, 'after \\u, which takes four hexadecimal digits');
  }
  return at + HEX_DIGITS;
}

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
}

function controlIn(bytes: Buffer, offset: number): JsonFault {
  const byte = bytes[offset];
  if (byte === undefined) return unexpected(bytes, offset);
  const name = CONTROL_NAMES.get(byte) ?? 'control character';
  const written = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
  return new JsonFault(offset, `a raw ${name} inside a string; write it as ${written}`);
}

const CONTROL_NAMES = new Map([
  [0x09, 'tab'],
  [0x0a, 'line break'],
  [0x0d, 'carriage return'],
]);

/** The offset after the number that begins at `at`, without its exponent. Throws a {@link JsonFault}. */
export function endOfDecimal(bytes: Buffer, at: number): number {
  const isNegative = bytes[at] === MINUS;
  const start = isNegative ? at + 1 : at;
  if (!isDigit(bytes[start])) throw unexpected(bytes, start, isNegative ? MISSING_DIGIT : undefined);
  const end = bytes[start] === ZERO ? start + 1 : endOfDigits(bytes, start);
  return bytes[end] === DOT ? endOfDigits(bytes, end + 1) : end;
}

/** The offset after the exponent at `at`; `at` if there is none. Throws a {@link JsonFault}. */
export function endOfExponent(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte !== 0x65 && byte !== 0x45) return at;
  const sign = bytes[at + 1];
  return endOfDigits(bytes, sign === PLUS || sign === MINUS ? at + 2 : at + 1);
}

function endOfDigits(bytes: Buffer, at: number): number {
  let end = at;
  while (isDigit(bytes[end])) end += 1;
  if (end === at) throw unexpected(bytes, at, MISSING_DIGIT);
  return end;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

const MISSING_DIGIT = 'there; a digit is missing before it';

/** The offset after the word that begins at `at`: true, false or null. Throws a {@link JsonFault}. */
export function endOfWord(bytes: Buffer, at: number, word: Buffer): number {
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[at + index] !== word[index]) throw unexpected(bytes, at + index);
  }
  return at + word.length;
}

/** Whether a byte is white space of JSON. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
