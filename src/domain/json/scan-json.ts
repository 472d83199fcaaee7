const ZERO = 0x30;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const DOT = 0x2e;
const PLUS = 0x2b;
const COLON = 0x3a;
/** A double keeps every decimal with so many digits, if the number is far from the smallest and the largest double. */
const DIGITS_OF_EVERY_DOUBLE = 15;
const FAR = 250;

/** Invariant: a number that {@link scanJson} does not list is smaller than ten to this power, since it has at most 15 digits and an exponent of at most 250. */
export const POWER_ABOVE_UNLISTED = DIGITS_OF_EVERY_DOUBLE + FAR;

/** What a scan finds in JSON text before it is parsed. */
export interface JsonScan {
  /** The deepest nesting of arrays and objects. */
  readonly depth: number;
  /** How many keys all objects have together; a key that an object has twice counts twice. */
  readonly keys: number;
  /** Whether a key has an escape. */
  readonly escapedKeys: boolean;
  /** The start and the end, in turn, of each number that `JSON.parse` might round: numbers with many digits, and very large or very small ones. */
  readonly longNumbers: readonly number[];
}

/** Scans text as JSON. If it is not JSON, the result is correct up to the first fault. */
export function scanJson(text: string): JsonScan {
  const longNumbers: number[] = [];
  let depth = 0;
  let deepest = 0;
  let keys = 0;
  let escapedKeys = false;
  let stringStart = 0;
  const backslashes = new Backslashes(text);
  let at = 0;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      stringStart = at;
      at = endOfString(text, at + 1);
    } else if (char === MINUS || isDigit(char)) {
      const { end, surelyDouble } = readNumber(text, at);
      if (!surelyDouble) longNumbers.push(at, end);
      at = end;
    } else {
      if (char === 0x5b || char === 0x7b) deepest = Math.max(deepest, ++depth);
      else if (char === 0x5d || char === 0x7d) depth -= 1;
      else if (char === COLON) {
        keys += 1;
        escapedKeys ||= backslashes.standIn(stringStart, at);
      }
      at += 1;
    }
  }
  return { depth: deepest, keys, escapedKeys, longNumbers };
}

/** Finds backslashes in a text. Asked about ranges from left to right, it takes time linear in the length of the text. */
class Backslashes {
  #next: number;

  constructor(private readonly text: string) {
    this.#next = text.indexOf('\\');
  }

  standIn(start: number, end: number): boolean {
    if (this.#next !== -1 && this.#next < start) this.#next = this.text.indexOf('\\', start);
    return this.#next !== -1 && this.#next < end;
  }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end !== -1 && isEscaped(text, start, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

function isEscaped(text: string, start: number, quote: number): boolean {
  let backslashes = 0;
  while (quote - 1 - backslashes >= start && text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Where a number ends, and whether its length and size alone show that a double holds it. */
function readNumber(text: string, start: number): { end: number; surelyDouble: boolean } {
  let digits = 0;
  let hasExponent = false;
  let power = 0;
  let at = start;
  for (; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (isDigit(char)) {
      if (!hasExponent) digits += 1;
      else if (power <= FAR) power = 10 * power + (char - ZERO);
    } else if (char === 0x65 || char === 0x45) hasExponent = true;
    else if (char !== DOT && char !== MINUS && char !== PLUS) break;
  }
  return { end: at, surelyDouble: digits <= DIGITS_OF_EVERY_DOUBLE && power <= FAR };
}

function isDigit(char: number): boolean {
  return char >= ZERO && char <= 0x39;
}
