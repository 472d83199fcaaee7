import { canonicalDecimal, isShortestSpelling, nearestDouble } from './decimal.js';
import { ExactNumber, type JsonValue } from './json-value.js';

/** How many digits 2^53 has. */
const MAX_DIGITS = 16;
const INTEGER = /^-?\d+$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Returns the value of a JSON number's literal: a double if that keeps every digit, otherwise an {@link ExactNumber}. A double keeps integers up to 2^53, and literals
 * with a fraction or an exponent that have the digits of its shortest spelling.
 */
export function numberOf(literal: string): number | ExactNumber {
  return isDouble(literal) ? Number(literal) : new ExactNumber(literal);
}

/** Whether a double keeps every digit of a JSON literal, by that rule. */
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

/** The canonical text of a number, the same however the number was written; it is also the number's identity. See {@link canonicalDecimal}. */
export function numberText(value: number | ExactNumber): string {
  // canonicalDecimal gives the same text for a double.
  return value instanceof ExactNumber ? canonicalDecimal(value.literal) : String(value);
}

/** The double that a NUMERIC column stores for a number; null if it refuses the number. See {@link nearestDouble}. */
export function numericOf(value: number | ExactNumber): number | null {
  return value instanceof ExactNumber ? nearestDouble(value.literal) : value;
}
