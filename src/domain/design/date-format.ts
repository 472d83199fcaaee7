import { DateTime } from 'luxon';

/** Numbers, or texts of digits, that count from 1970-01-01T00:00:00Z. */
const EPOCH_FORMATS = ['EPOCH_SECONDS', 'EPOCH_MILLISECONDS'] as const;
type EpochFormat = (typeof EPOCH_FORMATS)[number];

/** Our tokens, as users know them from other tools, and luxon's for the same. */
const TOKENS: Readonly<Record<string, string>> = {
  YYYY: 'yyyy',
  YY: 'yy',
  MMMM: 'LLLL',
  MMM: 'LLL',
  MM: 'LL',
  M: 'L',
  DD: 'dd',
  D: 'd',
  HH: 'HH',
  H: 'H',
  hh: 'hh',
  h: 'h',
  mm: 'mm',
  m: 'm',
  ss: 'ss',
  s: 's',
  SSS: 'SSS',
  A: 'a',
  Z: 'ZZ',
};
const PARTS = /\[(?<literal>[^\]]*)\]|(?<letters>([A-Za-z])\3*)|(?<other>[^A-Za-z[]+)/g;
const MAX_LENGTH = 100;
/** Dates are of the years 0000 to 9999. */
const EARLIEST = Date.parse('0000-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

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
  if (new Set(tokens).size < tokens.length) return 'it gives a token twice';
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

/** Reads dates in this format, in UTC unless they bring a zone (Z); null for what it does not read to the letter. The format has no fault. */
export function compileDateFormat(format: string): ParseDate {
  if (isEpochFormat(format)) return (value) => epoch(value, format);
  const parser = DateTime.buildFormatParser(partsOf(format).luxon, { locale: 'en-US' });
  return (value) => {
    const read = DateTime.fromFormatParser(String(value), parser, { zone: 'utc', locale: 'en-US' });
    return read.isValid ? inRange(read.toMillis()) : null;
  };
}

function epoch(value: string | number, format: EpochFormat): Date | null {
  const number = typeof value === 'number' ? value : /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
  return inRange(Math.trunc(format === 'EPOCH_SECONDS' ? number * 1000 : number));
}

function inRange(milliseconds: number): Date | null {
  return milliseconds >= EARLIEST && milliseconds <= LATEST ? new Date(milliseconds) : null;
}

function partsOf(format: string): { luxon: string; tokens: string[]; unknown: string | undefined } {
  const tokens: string[] = [];
  let luxon = '';
  let read = 0;
  for (const { 0: part, index, groups = {} } of format.matchAll(PARTS)) {
    const { literal, letters } = groups;
    const token = letters === undefined ? undefined : TOKENS[letters];
    const text = literal ?? (letters === 'T' ? 'T' : groups.other);
    if (index !== read || (token ?? text) === undefined || text?.includes("'")) {
      return { luxon, tokens, unknown: format.slice(read, index + part.length) };
    }
    if (token !== undefined && letters !== undefined) tokens.push(letters);
    luxon += token ?? `'${text}'`;
    read = index + part.length;
  }
  return { luxon, tokens, unknown: read < format.length ? format.slice(read) : undefined };
}
