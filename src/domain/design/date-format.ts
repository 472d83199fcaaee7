import { instantOf } from '../sample/date-time.js';

/** Numbers, or texts of digits, that count from 1970-01-01T00:00:00Z. */
const EPOCH_FORMATS = ['EPOCH_SECONDS', 'EPOCH_MILLISECONDS'] as const;
type EpochFormat = (typeof EPOCH_FORMATS)[number];

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond' | 'half' | 'zone';

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** The tokens, as users know them from other tools: the part of a date that each gives, and how texts spell it. */
const TOKENS: Readonly<Record<string, readonly [Part, string]>> = {
  YYYY: ['year', '\\d{4}'],
  YY: ['year', '\\d{2}'],
  MMMM: ['month', inAnyCase(MONTHS)],
  MMM: ['month', inAnyCase(MONTHS.map((name) => name.slice(0, 3)))],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  DD: ['day', '\\d{2}'],
  D: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{2}'],
  H: ['hour', '\\d{1,2}'],
  hh: ['hour', '\\d{2}'],
  h: ['hour', '\\d{1,2}'],
  mm: ['minute', '\\d{2}'],
  m: ['minute', '\\d{1,2}'],
  ss: ['second', '\\d{2}'],
  s: ['second', '\\d{1,2}'],
  SSS: ['millisecond', '\\d{3}'],
  A: ['half', '[AaPp][Mm]'],
  Z: ['zone', 'Z|[+-]\\d{2}(?::?\\d{2})?'],
};
const PARTS = /\[(?<literal>[^\]]*)\]|(?<letters>([A-Za-z])\3*)|(?<other>[^A-Za-z[]+)/g;
const MAX_LENGTH = 100;
/** Dates are of the years 0000 to 9999. */
const EARLIEST = Date.parse('0000-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

function inAnyCase(words: readonly string[]): string {
  return words.map((word) => word.replace(/./g, (letter) => `[${letter}${letter.toUpperCase()}]`)).join('|');
}

export type ParseDate = (value: string | number) => Date | null;

export function isEpochFormat(format: string): format is EpochFormat {
  return (EPOCH_FORMATS as readonly string[]).includes(format);
}

/**
 * What is wrong with a format for dates, for people; null when it can be used. A format is made of the tokens YYYY YY MMMM MMM MM M DD D HH H hh h mm m ss s
 * SSS A Z, text in [brackets], and whatever is no letter; or it is EPOCH_SECONDS or EPOCH_MILLISECONDS.
 */
export function dateFormatFault(format: string): string | null {
  if (isEpochFormat(format)) return null;
  const fault = dateTokensFault(format);
  if (fault !== null) return fault;
  const { tokens } = partsOf(format);
  const has = (...names: string[]) => names.some((name) => tokens.includes(name));
  const given = tokens.map((token) => TOKENS[token]?.[0]);
  const twice = given.find((part, index) => given.indexOf(part) < index);
  if (twice !== undefined) return `it gives the ${twice === 'half' ? 'half of the day' : twice} twice`;
  if (!has('YYYY', 'YY') || !has('MMMM', 'MMM', 'MM', 'M') || !has('DD', 'D')) return 'it lacks year, month or day';
  if (has('hh', 'h') !== has('A')) return 'it needs A (AM or PM) with hours to 12, and only with those';
  return null;
}

/** What is wrong with the tokens of a format, whether or not they make a whole date. */
export function dateTokensFault(format: string): string | null {
  if (format.length > MAX_LENGTH) return `it has ${format.length} characters; at most ${MAX_LENGTH} are allowed`;
  const { unknown } = partsOf(format);
  if (unknown === undefined) return null;
  const shown = JSON.stringify(unknown).toWellFormed();
  return `it holds ${shown}, which is no token; there are ${Object.keys(TOKENS).join(' ')} and text in [brackets]`;
}

/**
 * Reads dates in this format, in UTC unless they bring a zone (Z), years of two digits as 1961 to 2060; null for what it does not read to the letter. The
 * format has no fault.
 */
export function compileDateFormat(format: string): ParseDate {
  if (isEpochFormat(format)) return (value) => epoch(value, format);
  const pattern = new RegExp(`^${partsOf(format).pattern}$`);
  return (value) => {
    const groups = pattern.exec(String(value))?.groups;
    return groups ? dateOf(groups) : null;
  };
}

function dateOf(shown: Partial<Record<Part, string>>): Date | null {
  const { year = '', month = '', day, hour = '0', minute = 0, second = 0, millisecond = 0, half, zone } = shown;
  const hour24 = half === undefined ? Number(hour) : hourOfHalf(Number(hour), half);
  if (hour24 === null) return null;
  return instantOf({
    year: year.length === 2 ? (Number(year) > 60 ? 1900 : 2000) + Number(year) : Number(year),
    month: /\d/.test(month) ? Number(month) : monthOf(month.toLowerCase()),
    day: Number(day),
    hour: hour24,
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(millisecond),
    zone,
  });
}

/** By its name in full, or the first three letters of it. */
function monthOf(name: string): number {
  return MONTHS.findIndex((month) => month.startsWith(name)) + 1;
}

/** 12 AM is midnight and 12 PM noon. */
function hourOfHalf(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

/** Cut to milliseconds from the decimal text: a double times 1,000 may fall short of it. */
function epoch(value: string | number, format: EpochFormat): Date | null {
  if (typeof value === 'number' && Math.abs(value) < 1e-6) return new Date(0);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value).trim());
  if (!match) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const milliseconds = format === 'EPOCH_SECONDS' ? `${whole}${fraction.slice(0, 3).padEnd(3, '0')}` : whole;
  return inRange(Number(`${sign}${milliseconds}`));
}

function inRange(milliseconds: number): Date | null {
  return milliseconds >= EARLIEST && milliseconds <= LATEST ? new Date(milliseconds) : null;
}

/** The tokens of a format, a regular expression for its texts with a group for each, and the first thing in it that is no token. */
function partsOf(format: string): { pattern: string; tokens: string[]; unknown: string | undefined } {
  const tokens: string[] = [];
  let pattern = '';
  let read = 0;
  for (const { 0: part, index, groups = {} } of format.matchAll(PARTS)) {
    const piece = index === read ? patternOf(groups) : null;
    if (piece === null) return { pattern, tokens, unknown: format.slice(read, index + part.length) };
    if (groups.letters !== undefined && groups.letters !== 'T') tokens.push(groups.letters);
    pattern += piece;
    read = index + part.length;
  }
  return { pattern, tokens, unknown: read < format.length ? format.slice(read) : undefined };
}

/** Of one piece of a format; null for letters that are no token. */
function patternOf({ literal, letters, other }: Partial<Record<string, string>>): string | null {
  const token = letters === undefined ? undefined : TOKENS[letters];
  if (token) return `(?<${token[0]}>${token[1]})`;
  const text = literal ?? (letters === 'T' ? 'T' : other);
  return text?.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&') ?? null;
}
