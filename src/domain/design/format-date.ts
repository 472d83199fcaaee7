import { monthName, weekdayName } from './calendar-names.js';
import { datePieces } from './date-format.js';

/** A local date. The UTC fields of `shown` have the local date and time; `offset` is the offset from UTC in minutes. */
interface LocalDate {
  readonly shown: Date;
  readonly offset: number;
}

const TOKENS: Readonly<Record<string, (date: LocalDate) => string>> = {
  YYYY: ({ shown }) => padded(shown.getUTCFullYear(), 4),
  YY: ({ shown }) => padded(shown.getUTCFullYear() % 100, 2),
  MMMM: ({ shown }) => monthName(shown.getUTCMonth() + 1),
  MMM: ({ shown }) => monthName(shown.getUTCMonth() + 1).slice(0, 3),
  MM: ({ shown }) => padded(shown.getUTCMonth() + 1, 2),
  M: ({ shown }) => String(shown.getUTCMonth() + 1),
  DD: ({ shown }) => padded(shown.getUTCDate(), 2),
  D: ({ shown }) => String(shown.getUTCDate()),
  dddd: ({ shown }) => weekdayName(shown.getUTCDay()),
  ddd: ({ shown }) => weekdayName(shown.getUTCDay()).slice(0, 3),
  HH: ({ shown }) => padded(shown.getUTCHours(), 2),
  H: ({ shown }) => String(shown.getUTCHours()),
  hh: (date) => padded(hourOfHalf(date), 2),
  h: (date) => String(hourOfHalf(date)),
  mm: ({ shown }) => padded(shown.getUTCMinutes(), 2),
  m: ({ shown }) => String(shown.getUTCMinutes()),
  ss: ({ shown }) => padded(shown.getUTCSeconds(), 2),
  s: ({ shown }) => String(shown.getUTCSeconds()),
  SSS: ({ shown }) => padded(shown.getUTCMilliseconds(), 3),
  A: ({ shown }) => (shown.getUTCHours() < 12 ? 'AM' : 'PM'),
  Z: ({ offset }) => offsetText(offset),
};

/**
 * Compiles a function that writes dates in a format with the tokens of `date-format.ts`, which must be valid; names are English. The format may show only a part of the date, such as
 * `MMMM YYYY`. `offsetAt` returns the offset from UTC at an instant, both in milliseconds; without it, dates are in UTC.
 */
export function compileDateText(format: string, offsetAt?: (instant: number) => number): (date: Date) => string {
  const pieces = datePieces(format).map((piece) => ('text' in piece ? () => piece.text : writerOf(piece.token)));
  return (date) => {
    const offset = offsetAt?.(date.getTime()) ?? 0;
    const local = {
      shown: offset === 0 ? date : new Date(date.getTime() + offset),
      offset: Math.trunc(offset / 60_000),
    };
    let text = '';
    for (const piece of pieces) text += piece(local);
    return text;
  };
}

function writerOf(token: string): (date: LocalDate) => string {
  const writer = TOKENS[token];
  if (!writer) throw new TypeError(`${token} is not a token of date formats`);
  return writer;
}

/** Midnight and noon are 12. */
function hourOfHalf({ shown }: LocalDate): number {
  return shown.getUTCHours() % 12 || 12;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}:${padded(size % 60, 2)}`;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
