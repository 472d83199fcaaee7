/** Groups: year, its separator, month, day, hour, its separator, minute, second, fraction, zone. The date is in extended or in basic format, and so is the time. */
const FORM =
  /^(\d{4})(-?)(\d{2})\2(\d{2})(?:[Tt ](\d{2})(:?)(\d{2})(?:\6(\d{2})(?:[.,](\d+))?)?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** The texts that make a field DATETIME. Narrower than what pushes may contain, since `20240101` is often a number of something else. */
const INFERRED =
  /^\d{4}-\d{2}-\d{2}(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Most date-times are spelled like this, on a day that every month has. `Date` reads them several times as fast. */
const COMMON = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** What {@link parseDateTime} reads, for messages. */
export const DATE_TIME_SPELLING =
  'YYYY-MM-DD or YYYYMMDD, alone or with a time such as T15:04, T15:04:05.678Z or T150405+0200';

const FAULTS = {
  form: `is not spelled ${DATE_TIME_SPELLING}`,
  day: 'has a day that the calendar does not have',
  time: 'has a time that no clock shows: hours go to 23 (24:00 ends a day), minutes and seconds to 59 (23:59:60 UTC is a leap second)',
  offset: 'has an offset from UTC beyond 23:59',
  range: 'is outside the years 0000 to 9999 in UTC',
} as const;

/** Why a value is not a date-time. `{the value} {fault}` is a sentence. */
type DateTimeFault = (typeof FAULTS)[keyof typeof FAULTS];

/** Converts the time that local clocks show to an instant: both in milliseconds since 1970-01-01T00:00, local and UTC. */
export type LocalToUtc = (local: number) => number;

/**
 * Parses `YYYY-MM-DD` or `YYYYMMDD`, alone or with `T`, `t` or a space and a time: `HH:MM` or `HHMM`, optional seconds, an optional fraction after a point or a comma
 * (cut to milliseconds), an optional zone (`Z`, `z`, `+HH`, `+HHMM`, `+HH:MM`). Without a zone it is local time by `localToUtc`, or UTC if that is not given. `24:00`
 * is the start of the next day, and a leap second (23:59:60 UTC, with any fraction) is the start of the next second. Null for any other text, for days that the
 * calendar does not have, and for instants outside the years 0000 to 9999.
 */
export function parseDateTime(text: string, localToUtc?: LocalToUtc): Date | null {
  const instant = read(text, localToUtc);
  return instant instanceof Date ? instant : null;
}

/** Why {@link parseDateTime} does not read a text, with the same `localToUtc`; null if it does. */
export function dateTimeFault(text: string, localToUtc?: LocalToUtc): DateTimeFault | null {
  const instant = read(text, localToUtc);
  return instant instanceof Date ? null : instant;
}

/** Whether a text in a sample makes its field DATETIME. */
export function isInferredDateTime(text: string): boolean {
  return INFERRED.test(text) && parseDateTime(text) !== null;
}

function read(text: string, localToUtc?: LocalToUtc): Date | DateTimeFault {
  if (COMMON.test(text)) return new Date(text);
  const match = FORM.exec(text);
  if (!match) return FAULTS.form;
  const [, year, , month, day, hour = 0, , minute = 0, second = 0, fraction = '', zone] = match;
  const shown = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction,
    zone,
  };
  return instantOf(shown, localToUtc);
}

/** A time as a calendar and a clock show it. */
export interface ShownTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** The digits of a fraction of the second; empty without a fraction. */
  readonly fraction: string;
  /** `Z`, `z`, `+HH`, `+HHMM` or `+HH:MM`. */
  readonly zone: string | undefined;
}

/** Converts a shown time to an instant, to the millisecond, by the rules of {@link parseDateTime}. */
export function instantOf(shown: ShownTime, localToUtc?: LocalToUtc): Date | DateTimeFault {
  const { year, month, day, hour, minute, second, fraction, zone } = shown;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return FAULTS.day;
  const isDayEnd = hour === 24 && minute === 0 && second === 0 && !/[1-9]/.test(fraction);
  if ((hour > 23 && !isDayEnd) || minute > 59 || second > 60) return FAULTS.time;
  const offset = offsetMinutes(zone);
  if (offset === null) return FAULTS.offset;
  const isLeap = second === 60;
  const millisecond = isLeap || fraction === '' ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  date.setUTCHours(hour, minute - offset, second, millisecond);
  if (zone === undefined && localToUtc) date.setTime(localToUtc(date.getTime()));
  if (isLeap && date.getTime() % MS_PER_DAY !== 0) return FAULTS.time;
  return date.getTime() >= EARLIEST && date.getTime() <= LATEST ? date : FAULTS.range;
}

const MS_PER_DAY = 86_400_000;

/** The bounds of dates, in milliseconds since 1970-01-01T00:00Z. */
export const EARLIEST = Date.parse('0000-01-01T00:00:00.000Z');
export const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

function offsetMinutes(zone: string | undefined): number | null {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
