import { compileOffsetAt, compileStart, compileTimeZone } from '../design/time-zone.js';
import { EARLIEST, LATEST, type LocalToUtc } from '../sample/date-time.js';
import { type Measure, MS_PER_DAY } from './date-unit.js';
import { monthOf, startOfMonth } from './months.js';
import { StepError } from './step-error.js';
import type { StepInputs } from './step-inputs.js';

/** Converts between UTC and the local time of a time zone. All times are in milliseconds since 1970-01-01T00:00, local or UTC. */
export interface Calendar {
  readonly toLocal: (instant: number) => number;
  /** A local time that the clocks skip uses the offset before the change; one that they show twice means the first. */
  readonly toUtc: LocalToUtc;
  /** The first instant at which the clocks show this local time or a later one. */
  readonly startAt: LocalToUtc;
}

const same = (time: number) => time;
const UTC: Calendar = { toLocal: same, toUtc: same, startAt: same };

/** The calendar of a time zone, UTC by default. An unknown name becomes a fault in `inputs`. */
export function calendarOf(timeZone: string | undefined, inputs: StepInputs, setting = 'timeZone'): Calendar {
  const name = inputs.timeZone(timeZone, setting);
  if (name === null) return UTC;
  const offsetAt = compileOffsetAt(name);
  const toLocal = (instant: number) => instant + offsetAt(instant);
  return { toLocal, toUtc: compileTimeZone(name), startAt: compileStart(name) };
}

/** Moves an instant by a whole number of calendar units. NaN if the result is far beyond any date. */
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
  const month = monthOf(local);
  const sinceStart = local - startOfMonth(month);
  const there = startOfMonth(month + months) + sinceStart;
  const end = startOfMonth(month + months + 1);
  return there < end ? there : end - MS_PER_DAY + (sinceStart % MS_PER_DAY);
}

/** Time zone offsets can be computed only for instants that the runtime has dates for. */
function isNearDates(time: number): boolean {
  return time > 2 * EARLIEST && time < 2 * LATEST;
}

/** The date of an instant; an error if it is outside the supported years. `what` names the value for the message. */
export function dateAt(instant: number, what: () => string): Date | StepError {
  if (instant >= EARLIEST && instant <= LATEST) return new Date(instant);
  return new StepError(`${what()} is outside the years 0000 to 9999 in UTC`);
}
