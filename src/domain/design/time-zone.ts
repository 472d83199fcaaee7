import type { LocalToUtc } from '../sample/date-time.js';

/** The IANA names with three letters. Other abbreviations, such as IST, mean several zones, and the runtime would choose one of them. */
const THREE_LETTERS = new Set('CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET'.split(' '));
const MS_PER_DAY = 86_400_000;
/** The cache keeps about eleven years of days; then it is cleared. */
const MAX_KNOWN_DAYS = 4_096;

/** Whether a text is a name in the IANA time zone database, such as `Europe/Berlin`, in any case. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name) || (name.length === 3 && !THREE_LETTERS.has(name.toUpperCase()))) return false;
  try {
    Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A zone's offsets from UTC around one day, in milliseconds: before and after the instant `at`. They are equal if the clocks do not change. */
interface DayOffsets {
  readonly before: number;
  readonly after: number;
  readonly at: number;
}

/**
 * Compiles the conversion of local time in a zone to UTC. A time that the clocks skip uses the offset before the change (02:30 becomes 03:30). A time that the clocks show twice
 * means the first one. This is the rule of RFC 5545, and `compatible` in Temporal. Throws a RangeError for a name that {@link isTimeZone} refuses.
 */
export function compileTimeZone(name: string): LocalToUtc {
  const offsetsOfDay = compileDays(name);
  return (local) => {
    const { before, after, at } = offsetsOfDay(Math.floor(local / MS_PER_DAY));
    const early = local - before;
    const late = local - after;
    return early < at || late < at ? early : late;
  };
}

/** As {@link compileTimeZone}, but a local time that the clocks skip becomes the instant of the change: the first with this or a later local time. */
export function compileStart(name: string): LocalToUtc {
  const offsetsOfDay = compileDays(name);
  return (local) => {
    const { before, after, at } = offsetsOfDay(Math.floor(local / MS_PER_DAY));
    const early = local - before;
    return early < at ? early : Math.max(local - after, at);
  };
}

/** Compiles a function that returns a zone's offset from UTC at an instant, both in milliseconds. Throws as {@link compileTimeZone} does. */
export function compileOffsetAt(name: string): (instant: number) => number {
  const offsetsOfDay = compileDays(name);
  return (instant) => {
    const { before, after, at } = offsetsOfDay(Math.floor(instant / MS_PER_DAY));
    return instant < at ? before : after;
  };
}

/** Compiles a function that returns a zone's offsets around a day, counted from 1970-01-01. It caches them, because computing them is slow. */
function compileDays(name: string): (day: number) => DayOffsets {
  const offsetAt = compileOffset(name);
  const known = new Map<number, DayOffsets>();
  return (day) => {
    const found = known.get(day);
    if (found) return found;
    if (known.size >= MAX_KNOWN_DAYS) known.clear();
    const offsets = offsetsOf(day, offsetAt);
    known.set(day, offsets);
    return offsets;
  };
}

/** Every offset is less than a day, so all instants of a local day are at most one day away from that day in UTC. */
function offsetsOf(day: number, offsetAt: (instant: number) => number): DayOffsets {
  let from = (day - 1) * MS_PER_DAY;
  let to = (day + 2) * MS_PER_DAY;
  const [before, after] = [offsetAt(from), offsetAt(to)];
  if (before === after) return { before, after, at: to };
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (offsetAt(middle) === before) from = middle;
    else to = middle;
  }
  return { before, after, at: to };
}

/** A zone's offset from UTC at an instant; both in milliseconds. */
function compileOffset(name: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  return (instant) => {
    const shown = format.format(instant);
    const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(shown);
    // Another runtime may write offsets in another form. Reading them as 0 would store wrong instants.
    if (!match) throw new Error(`the runtime shows the offset of ${name} as ${shown}, which Sluice cannot parse`);
    const [, sign, hours = 0, minutes = 0, seconds = 0] = match;
    const offset = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    return (sign === '-' ? -offset : offset) * 1000;
  };
}
