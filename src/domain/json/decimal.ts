const ZERO = 0x30;
/** JavaScript writes a double with at most 17 digits, and without an exponent from 10^-6 to below 10^21. */
const MAX_DOUBLE_DIGITS = 17;
const MAX_PLAIN_POWER = 21;
const MIN_PLAIN_POWER = -6;
/** The most zeros that are added to a number with more digits than a double has. */
const MAX_ADDED_ZEROS = 21;
/** Integers with so many digits are exact as doubles, and so is a sum of a few. */
const SAFE_DIGITS = 15;

/** A decimal number in one form for all its spellings. */
interface Decimal {
  readonly negative: boolean;
  /** Without zeros at either end; empty for zero. */
  readonly digits: string;
  /** The power of ten of the first digit; signed decimal text if it is too large for a double. */
  readonly power: number | string;
}

/**
 * Returns the canonical text of a JSON number's literal: the same for all spellings of a number, different for different numbers, with every significant digit.
 * Doubles are written as `JSON.stringify` writes them. Other numbers have an exponent only if more than 21 zeros would be added to the digits, or more than five
 * zeros would follow the point. An exponent is never expanded, and -0 is `0`. Takes time linear in the length.
 *
 * `canonicalDecimal('9007199254740993.0')` is `9007199254740993`; `canonicalDecimal('1e999999999')` is `1e+999999999`.
 */
export function canonicalDecimal(literal: string): string {
  const { negative, digits, power } = decimalOf(literal);
  if (digits === '') return '0';
  return `${negative ? '-' : ''}${written(digits, power)}`;
}

/**
 * Returns the nearest double of a JSON number's literal, by the rule of NUMERIC. Below 2^53, fractions are rounded. From 2^53 on, a number is taken only if it
 * equals a double exactly, or has the digits of a double's shortest spelling (`1e23`). Null for every other number, and beyond the largest double.
 */
export function nearestDouble(literal: string): number | null {
  const value = Number(literal);
  if (!Number.isFinite(value)) return null;
  if (Math.abs(value) < 2 ** 53) return value;
  const given = decimalOf(literal);
  const isBelow = given.power === SAFE_DIGITS && given.digits.startsWith(BELOW_2_53);
  return isBelow || isSame(given, String(value)) || isSame(given, String(BigInt(value))) ? value : null;
}

/** The integer below 2^53. A fraction just above it rounds to 2^53, but is still below it. */
const BELOW_2_53 = String(2 ** 53 - 1);

/** Whether a JSON number's literal has the digits of the shortest spelling of its nearest double. */
export function isShortestSpelling(literal: string): boolean {
  const value = Number(literal);
  const shortest = String(value);
  // The quick way: most literals are spelled as JSON.stringify would spell them.
  return shortest === literal || (Number.isFinite(value) && isSame(decimalOf(literal), shortest));
}

function isSame({ digits, power }: Decimal, literal: string): boolean {
  const other = decimalOf(literal);
  return digits === other.digits && (digits === '' || power === other.power);
}

function decimalOf(literal: string): Decimal {
  const negative = literal.startsWith('-');
  const [mantissa = '', exponent = '0'] = (negative ? literal.slice(1) : literal).split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  let start = 0;
  while (all.charCodeAt(start) === ZERO) start += 1;
  let end = all.length;
  while (end > start && all.charCodeAt(end - 1) === ZERO) end -= 1;
  return { negative, digits: all.slice(start, end), power: sum(exponent, whole.length - 1 - start) };
}

function written(digits: string, power: number | string): string {
  const count = digits.length;
  const point = typeof power === 'number' ? power + 1 : Number.NaN;
  const isPlain = point <= MAX_PLAIN_POWER || (count > MAX_DOUBLE_DIGITS && point - count <= MAX_ADDED_ZEROS);
  if (isPlain && point >= count) return digits + '0'.repeat(point - count);
  if (isPlain && point > 0) return `${digits.slice(0, point)}.${digits.slice(point)}`;
  if (isPlain && point > MIN_PLAIN_POWER) return `0.${'0'.repeat(-point)}${digits}`;
  const mantissa = count === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
  return `${mantissa}e${String(power).startsWith('-') ? '' : '+'}${power}`;
}

/** Adds a small number to the exponent of a literal. A long exponent is added digit by digit, because a BigInt of a million digits takes seconds. */
function sum(exponent: string, shift: number): number | string {
  const negative = exponent.startsWith('-');
  const digits = exponent.replace(/^[+-]?0*/, '');
  if (digits.length <= SAFE_DIGITS) return Number(exponent) + shift;
  const limit = 10 ** SAFE_DIGITS;
  const [head, tail] = [
    digits.slice(0, -SAFE_DIGITS),
    Number(digits.slice(-SAFE_DIGITS)) + (negative ? -shift : shift),
  ];
  const carry = tail < 0 ? -1 : tail < limit ? 0 : 1;
  const all = stepped(head, carry) + String(tail - carry * limit).padStart(SAFE_DIGITS, '0');
  return `${negative ? '-' : ''}${all.replace(/^0+/, '')}`;
}

/** Adds 1, 0 or -1 to a positive integer. */
function stepped(digits: string, step: -1 | 0 | 1): string {
  if (step === 0) return digits;
  const [turning, turned] = step === 1 ? ['9', '0'] : ['0', '9'];
  let at = digits.length - 1;
  while (at >= 0 && digits[at] === turning) at -= 1;
  const rest = turned.repeat(digits.length - 1 - at);
  return at < 0 ? `1${rest}` : `${digits.slice(0, at)}${Number(digits[at]) + step}${rest}`;
}
