import { ExactNumber } from './json-value.js';

const ZERO = 0x30;
/** 2^53 has 16. */
const MAX_DIGITS = 16;

/**
 * The value of a JSON number's literal: a double where that holds it, else an {@link ExactNumber}. A double does not hold an integer literal beyond
 * 2^53, a number too large or too small for it, or an integer written with fraction or exponent whose digits it would change. Other fractions are
 * rounded to the nearest double, as that is what a double is.
 */
export function numberOf(literal: string): number | ExactNumber {
  return isDouble(literal) ? Number(literal) : new ExactNumber(literal);
}

/** Whether a double holds the number of a JSON literal, in this sense. */
export function isDouble(literal: string): boolean {
  const plain = /^-?\d+$/.test(literal);
  if (plain && literal.length > MAX_DIGITS + 1) return false;
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  if (plain) return Math.abs(value) <= 2 ** 53 && BigInt(literal) === BigInt(value);
  const written = decimalOf(literal);
  if (value === 0) return written.digits === '';
  const isInteger = written.exponent >= 0;
  if (!isInteger || Math.abs(value) < 2 ** 53) return true;
  const kept = decimalOf(String(value));
  return kept.digits === written.digits && kept.exponent === written.exponent;
}

/** Significant digits without zeros at either end, and the power of ten of the last one. In time that grows with the length alone. */
function decimalOf(literal: string): { digits: string; exponent: number } {
  const unsigned = literal.startsWith('-') ? literal.slice(1) : literal;
  const [mantissa = '', power = '0'] = unsigned.split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  let start = 0;
  while (all.charCodeAt(start) === ZERO) start += 1;
  let end = all.length;
  while (end > start && all.charCodeAt(end - 1) === ZERO) end -= 1;
  return { digits: all.slice(start, end), exponent: Number(power) - fraction.length + (all.length - end) };
}
