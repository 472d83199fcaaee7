import { compileOffsetAt, compileStart, compileTimeZone } from '../design/time-zone.js';
import { EARLIEST, LATEST, type LocalToUtc } from '../sample/date-time.js';
import { type Measure, MS_PER_DAY } from './date-unit.js';
import { StepError } from './step-error.js';
import type { StepInputs } from './step-inputs.js';

/** What clocks show in a time zone. All times are in milliseconds since 1970-01-01T00:00, local or UTC. */
export interface Calendar {
  readonly toLocal: (instant: number) => number;
  /** A time that clocks skip counts on by the offset before the change; of a time that they show twice it is the first. */
  readonly toUtc: LocalToUtc;
  /** The first instant at which clocks show this time, or have skipped it. */
  readonly startAt: LocalToUtc;
}

const same = (time: number) => time;
const UTC: Calendar = { toLocal: same, toUtc: same, startAt: same };

/** The calendar of a time zone, UTC by default. Notes a name that is none. */
export function calendarOf(timeZone: string | undefined, inputs: StepInputs, setting = 'timeZone'): Calendar {
  const name = inputs.timeZone(timeZone, setting);
  if (name === null) return UTC;
  const offsetAt = compileOffsetAt(name);
  const toLocal = (instant: number) => instant + offsetAt(instant);
  return { toLocal, toUtc: compileTimeZone(name), startAt: compileStart(name) };
}

/** Moves an instant by a whole number of units of a calendar. NaN where that is far beyond any date. */
export function moved(calendar: Calendar, instant: number, count: number, measure: Measure): number {
  if (count === 0) return instant;
  if ('ms' in measure) return instant + Math.round(count * measure.ms);
  const local = calendar.toLocal(instant);
  const there =
    'days' in measure ? local + count * measure.days * MS_PER_DAY : plusMonths(local, count * measure.months);
  return isNearDates(there) ? calendar.toUtc(there) : Number.NaN;
}

/** The same day and time of another month, or the last day of a month that is shorter. */
function plusMonths(local: number, months: number): number {
  const date = new Date(local);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(date);
  lastDay.setUTCMonth(lastDay.getUTCMonth() + 1, 0);
  return date.setUTCDate(Math.min(day, lastDay.getUTCDate()));
}

/** Time zones cannot be asked about instants that the runtime has no dates for. */
function isNearDates(time: number): boolean {
  return time > 2 * EARLIEST && time < 2 * LATEST;
}

/** The date of an instant; an error if dates do not go there. `what` says what would give it. */
export function dateAt(instant: number, what: () => string): Date | StepError {
  if (instant >= EARLIEST && instant <= LATEST) return new Date(instant);
  return new StepError(`${what()} is outside the years 0000 to 9999 in UTC`);
}
