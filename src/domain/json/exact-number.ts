import { canonicalDecimal, isShortestSpelling, nearestDouble } from './decimal.js';
import { ExactNumber, type JsonValue } from './json-value.js';

/** 2^53 has 16. */
const MAX_DIGITS = 16;
const INTEGER = /^-?\d+$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The value of a JSON number's literal: a double where that holds every digit, else an {@link ExactNumber}. A double holds the integers up to 2^53, and of what
 * is written with a fraction or an exponent that which its shortest spelling gives back.
 */
export function numberOf(literal: string): number | ExactNumber {
  return isDouble(literal) ? Number(literal) : new ExactNumber(literal);
}

/** Whether a double holds the number of a JSON literal, in this sense. */
function isDouble(literal: string): boolean {
  if (!isIntegerLiteral(literal)) return isShortestSpelling(literal);
  if (literal.length > MAX_DIGITS + 1) return false;
  const value = Number(literal);
  return Math.abs(value) <= 2 ** 53 && BigInt(literal) === BigInt(value);
}

/** Whether a text is a number as JSON writes it. */
export function isNumberLiteral(text: string): boolean {
  return NUMBER.test(text);
}

/** Whether a number's literal has neither fraction nor exponent. */
export function isIntegerLiteral(literal: string): boolean {
  return INTEGER.test(literal);
}

/** Whether a JSON value is a number, however many digits it has. */
export function isNumber(value: JsonValue): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

/** The one text of a number, which is also its identity, however it was written: see {@link canonicalDecimal}. */
export function numberText(value: number | ExactNumber): string {
  // Of a double, canonicalDecimal gives the same text.
  return value instanceof ExactNumber ? canonicalDecimal(value.literal) : String(value);
}

/** The double that a NUMERIC column keeps of a number; null where it takes none: see {@link nearestDouble}. */
export function numericOf(value: number | ExactNumber): number | null {
  return value instanceof ExactNumber ? nearestDouble(value.literal) : value;
}
