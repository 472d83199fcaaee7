import { numberText } from '../json/exact-number.js';
import type { ExactNumber } from '../json/json-value.js';
import { instantOf, type LocalToUtc } from '../sample/date-time.js';
import {
  isWeekday,
  MONTH_NAME,
  monthNamed,
  SHORT_MONTH_NAME,
  SHORT_WEEKDAY_NAME,
  WEEKDAY_NAME,
} from './calendar-names.js';
import { EPOCH_FORMATS, isEpochFormat, parseEpoch, parseEpochNumber } from './epoch-format.js';
import { parseRfc2822 } from './rfc-2822.js';

const RFC_2822 = 'RFC_2822';

type Part = 'year' | 'month' | 'day' | 'weekday' | 'hour' | 'minute' | 'second' | 'millisecond' | 'half' | 'zone';

/** The tokens, as in other tools: the part of a date that each one gives, and a regular expression for its texts. */
const TOKENS: Readonly<Record<string, readonly [Part, string]>> = {
  YYYY: ['year', '\\d{4}'],
  YY: ['year', '\\d{2}'],
  MMMM: ['month', MONTH_NAME],
  MMM: ['month', SHORT_MONTH_NAME],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  DD: ['day', '\\d{2}'],
  D: ['day', '\\d{1,2}'],
  dddd: ['weekday', WEEKDAY_NAME],
  ddd: ['weekday', SHORT_WEEKDAY_NAME],
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
  Z: ['zone', '[Zz]|[+-]\\d{2}(?::?\\d{2})?'],
};
const PARTS = /\[(?<literal>[^\]]*)\]|(?<letters>([A-Za-z])\3*)|(?<other>[^A-Za-z[]+)/g;
export const MAX_LENGTH = 100;

export type ParseDate = (value: string | number | ExactNumber) => Date | null;

/**
 * The fault of a format for dates, as a text for users; null if the format is valid. A format consists of the tokens YYYY YY MMMM MMM MM M DD D dddd ddd HH H hh h mm m ss s SSS
 * A Z, text in [brackets], and characters that are not letters; or it is RFC_2822 or the name of an epoch format.
 */
export function dateFormatFault(format: string): string | null {
  if (isEpochFormat(format) || format === RFC_2822) return null;
  const fault = dateTokensFault(format);
  if (fault !== null) return `${fault}; a whole format can also be ${RFC_2822}, ${EPOCH_FORMATS}`;
  const { tokens } = partsOf(format);
  const has = (...names: string[]) => names.some((name) => tokens.includes(name));
  const given = tokens.map((token) => TOKENS[token]?.[0]);
  const twice = given.find((part, index) => given.indexOf(part) < index);
  if (twice !== undefined) return `it gives the ${twice === 'half' ? 'half of the day' : twice} twice`;
  if (!has('YYYY', 'YY') || !has('MMMM', 'MMM', 'MM', 'M') || !has('DD', 'D')) return 'it lacks year, month or day';
  if (has('hh', 'h') !== has('A')) return 'it needs A (AM or PM) with hours to 12, and only with those';
  return null;
}

/** Whether every date in a valid format has an offset from UTC, so that no time zone is needed. */
export function bringsOffset(format: string): boolean {
  return isEpochFormat(format) || format === RFC_2822 || partsOf(format).tokens.includes('Z');
}

/** The fault of the tokens of a format, which need not make a whole date; null if there is none. */
export function dateTokensFault(format: string): string | null {
  if (format.length > MAX_LENGTH) return `it has ${format.length} characters; at most ${MAX_LENGTH} are allowed`;
  const { unknown } = partsOf(format);
  if (unknown === undefined) return null;
  const shown = JSON.stringify(unknown).toWellFormed();
  return `it holds ${shown}, which is not a token; the tokens are ${Object.keys(TOKENS).join(' ')} and text in [brackets]`;
}

/**
 * Compiles a parser for dates in a valid format. It returns null for texts that do not match the format exactly, and if the weekday is wrong for the date. Years with two digits
 * are 1961 to 2060. A date without an offset (Z) is local time by `localToUtc`; UTC by default.
 */
export function compileDateFormat(format: string, localToUtc?: LocalToUtc): ParseDate {
  if (isEpochFormat(format)) {
    return (value) =>
      typeof value === 'string' ? parseEpoch(value, format) : parseEpochNumber(numberText(value), format);
  }
  const parse = format === RFC_2822 ? parseRfc2822 : compileTokens(format, localToUtc);
  return (value) => parse(typeof value === 'string' ? value : numberText(value));
}

function compileTokens(format: string, localToUtc: LocalToUtc | undefined): (text: string) => Date | null {
  const pattern = new RegExp(`^${partsOf(format).pattern}$`);
  return (text) => {
    const groups = pattern.exec(text)?.groups;
    return groups ? dateOf(groups, localToUtc) : null;
  };
}

function dateOf(shown: Partial<Record<Part, string>>, localToUtc: LocalToUtc | undefined): Date | null {
  const { year: yearShown = '', month: monthShown = '', weekday, hour = '0', half, zone } = shown;
  const hour24 = half === undefined ? Number(hour) : hourOfHalf(Number(hour), half);
  if (hour24 === null) return null;
  const year = yearShown.length === 2 ? (Number(yearShown) > 60 ? 1900 : 2000) + Number(yearShown) : Number(yearShown);
  const month = /\d/.test(monthShown) ? Number(monthShown) : monthNamed(monthShown);
  const day = Number(shown.day);
  if (weekday !== undefined && !isWeekday(weekday, year, month, day)) return null;
  const { minute = 0, second = 0, millisecond: fraction = '' } = shown;
  const time = { hour: hour24, minute: Number(minute), second: Number(second), fraction, zone };
  const instant = instantOf({ year, month, day, ...time }, localToUtc);
  return instant instanceof Date ? instant : null;
}

/** 12 AM is midnight and 12 PM noon. */
function hourOfHalf(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

/** A token of a format, or text that stands as it is. */
export type DatePiece = { readonly token: string } | { readonly text: string };

/** The pieces of a format whose tokens have no fault, in their order. */
export function datePieces(format: string): readonly DatePiece[] {
  return [...format.matchAll(PARTS)].map(({ groups: { literal, letters, other = '' } = {} }) =>
    letters === undefined || letters === 'T' ? { text: literal ?? letters ?? other } : { token: letters },
  );
}

/** Parses a format: its tokens, a regular expression with a group for each token, and the first part that is not a token. */
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

/** The regular expression for one piece of a format; null for letters that are not a token. */
function patternOf({ literal, letters, other }: Partial<Record<string, string>>): string | null {
  const token = letters === undefined ? undefined : TOKENS[letters];
  if (token) return `(?<${token[0]}>${token[1]})`;
  const text = literal ?? (letters === 'T' ? 'T' : other);
  return text?.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&') ?? null;
}
