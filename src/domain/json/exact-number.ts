import { ExactNumber } from './json-value.js';

const LITERAL = /^-?(?<whole>\d+)(?:\.(?<fraction>\d+))?(?:[eE](?<exponent>[+-]?\d+))?$/;

/**
 * The value of a JSON number's literal: a double where that holds it, else an {@link ExactNumber}. A double does not hold an integer literal beyond
 * 2^53, a number too large or too small for it, or an integer written with fraction or exponent whose digits it would change. Other fractions are
 * rounded to the nearest double, as that is what a double is.
 */
export function numberOf(literal: string): number | ExactNumber {
  const value = Number(literal);
  return holds(value, literal) ? value : new ExactNumber(literal);
}

function holds(value: number, literal: string): boolean {
  if (!Number.isFinite(value)) return false;
  const plain = /^-?\d+$/.test(literal);
  if (plain) return Math.abs(value) <= 2 ** 53 && BigInt(literal) === BigInt(value);
  const written = decimalOf(literal);
  if (value === 0) return written.digits === '';
  const isInteger = written.exponent >= 0;
  if (!isInteger || Math.abs(value) < 2 ** 53) return true;
  const kept = decimalOf(String(value));
  return kept.digits === written.digits && kept.exponent === written.exponent;
}

/** Significant digits without zeros at either end, and the power of ten of the last one. */
function decimalOf(literal: string): { digits: string; exponent: number } {
  const groups = LITERAL.exec(literal)?.groups;
  const whole = groups?.whole ?? '';
  const fraction = groups?.fraction ?? '';
  const leading = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = leading.replace(/0+$/, '');
  const exponent = Number(groups?.exponent ?? 0) - fraction.length + (leading.length - digits.length);
  return { digits, exponent };
}
