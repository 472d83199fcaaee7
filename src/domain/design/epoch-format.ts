import { EARLIEST, LATEST } from '../sample/date-time.js';

/** Formats that count units since 1970-01-01T00:00:00Z. A unit is 10 to this power of milliseconds. */
const EPOCH_POWERS = {
  EPOCH_SECONDS: 3,
  EPOCH_MILLISECONDS: 0,
  EPOCH_MICROSECONDS: -3,
  EPOCH_NANOSECONDS: -6,
} as const;
type EpochFormat = keyof typeof EPOCH_POWERS;

/** The names of the formats, as a text for messages. */
export const EPOCH_FORMATS = Object.keys(EPOCH_POWERS)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

export function isEpochFormat(format: string): format is EpochFormat {
  return Object.hasOwn(EPOCH_POWERS, format);
}

/**
 * The instant of a decimal text without an exponent, rounded down to the millisecond, also before 1970, as with ISO 8601. Computed from the digits, because multiplying a double by
 * 1,000 may lose precision. Null for other texts.
 */
export function parseEpoch(text: string, format: EpochFormat): Date | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const power = EPOCH_POWERS[format];
  const digits = power < 0 ? whole.slice(0, power) : `${whole}${fraction.slice(0, power).padEnd(power, '0')}`;
  const finer = power < 0 ? whole.slice(power) + fraction : fraction.slice(power);
  const milliseconds = Number(`${sign}${digits || '0'}`) - (sign === '-' && /[1-9]/.test(finer) ? 1 : 0);
  return milliseconds >= EARLIEST && milliseconds <= LATEST ? new Date(milliseconds) : null;
}

/** The same for the canonical text of a number. It has an exponent only if it is below a millionth or beyond any date. */
export function parseEpochNumber(text: string, format: EpochFormat): Date | null {
  return text.includes('e-') ? new Date(text.startsWith('-') ? -1 : 0) : parseEpoch(text, format);
}
