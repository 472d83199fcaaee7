const ZERO = 0x30;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const DOT = 0x2e;
const PLUS = 0x2b;
const COLON = 0x3a;
/** Every decimal of so many digits, between the smallest and the largest double by far, comes out of a double as it went in. */
const DIGITS_OF_EVERY_DOUBLE = 15;
const FAR = 250;

/** What one look at JSON text tells before it is parsed. */
export interface JsonScan {
  /** The deepest nesting of arrays and objects. */
  readonly depth: number;
  /** Keys of all objects together, one given twice counted twice. */
  readonly keys: number;
  /** Where the numbers stand that `JSON.parse` could spoil: those of many digits, and what is very large or very small. */
  readonly longNumbers: readonly { readonly start: number; readonly end: number }[];
}

/** Scans bytes that are taken for JSON text; if they are not, the answer means nothing, but comes. */
export function scanJson(bytes: Uint8Array): JsonScan {
  const longNumbers: { start: number; end: number }[] = [];
  let depth = 0;
  let deepest = 0;
  let keys = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
    } else if (byte === MINUS || isDigit(byte)) {
      const { end, surelyDouble } = readNumber(bytes, at);
      if (!surelyDouble) longNumbers.push({ start: at, end });
      at = end;
    } else {
      if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth);
      else if (byte === 0x5d || byte === 0x7d) depth -= 1;
      else if (byte === COLON) keys += 1;
      at += 1;
    }
  }
  return { depth: deepest, keys, longNumbers };
}

function endOfString(bytes: Uint8Array, start: number): number {
  let end = bytes.indexOf(QUOTE, start);
  while (end !== -1 && isEscaped(bytes, start, end)) end = bytes.indexOf(QUOTE, end + 1);
  return end === -1 ? bytes.length : end + 1;
}

function isEscaped(bytes: Uint8Array, start: number, quote: number): boolean {
  let backslashes = 0;
  while (quote - 1 - backslashes >= start && bytes[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Where a number ends, and whether its length and size alone say that a double holds it. */
function readNumber(bytes: Uint8Array, start: number): { end: number; surelyDouble: boolean } {
  let digits = 0;
  let exponentAt = -1;
  let power = 0;
  let at = start;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isDigit(byte)) {
      if (exponentAt === -1) digits += 1;
      else if (power <= FAR) power = 10 * power + (byte - ZERO);
    } else if (byte === 0x65 || byte === 0x45) exponentAt = at;
    else if (byte !== DOT && byte !== MINUS && byte !== PLUS) break;
  }
  return { end: at, surelyDouble: digits <= DIGITS_OF_EVERY_DOUBLE && power <= FAR };
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}
