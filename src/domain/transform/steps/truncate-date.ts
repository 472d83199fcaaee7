import { type Calendar, calendarOf, dateAt } from '../calendar.js';
import { type DateUnit, type Measure, MS_PER_DAY, measureOf } from '../date-unit.js';
import { monthOf, startOfMonth } from '../months.js';
import type { StepError } from '../step-error.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

export interface TruncateDateStep {
  readonly column: string;
  readonly unit: DateUnit;
  readonly timeZone?: string;
}

export interface NowStep {
  readonly truncateTo: DateUnit;
  readonly timeZone?: string;
}

export const truncateDate: StepKind<TruncateDateStep> = {
  plan({ column, unit, timeZone }: TruncateDateStep, inputs: StepInputs): ValuePlan {
    const read = inputs.date(column);
    const truncate = truncation(unit, calendarOf(timeZone, inputs));
    return {
      type: 'DATETIME',
      compute(row, context) {
        const date = read(row, context);
        return date === null ? null : truncate(date);
      },
    };
  },
};

/** When the record was saved: steps have no other clock, so that a rebuild gives the same rows. */
export const now: StepKind<NowStep> = {
  plan({ truncateTo, timeZone }: NowStep, inputs: StepInputs): ValuePlan {
    const truncate = truncation(truncateTo, calendarOf(timeZone, inputs));
    return { type: 'DATETIME', compute: (_row, { savedAt }) => truncate(savedAt) };
  },
};

function truncation(unit: DateUnit, calendar: Calendar): (date: Date) => Date | StepError {
  const measure = measureOf(unit);
  return (date) => {
    const what = () => `the start of the ${unit} of ${date.toISOString()}`;
    return dateAt(startOf(calendar, date.getTime(), measure), what);
  };
}

function startOf(calendar: Calendar, instant: number, measure: Measure): number {
  const local = calendar.toLocal(instant);
  if ('months' in measure) return calendar.startAt(startOfMonths(local, measure.months));
  if ('days' in measure) return calendar.startAt(startOfDays(local, measure.days));
  const start = Math.floor(local / measure.ms) * measure.ms;
  // Of an hour that clocks show twice, the second stays the second.
  const found = instant - (local - start);
  return calendar.toLocal(found) === start ? found : calendar.startAt(start);
}

function startOfMonths(local: number, months: number): number {
  const month = monthOf(local);
  return startOfMonth(month - (((month % months) + months) % months));
}

/** Weeks start on Monday; 1970-01-01 was a Thursday. */
function startOfDays(local: number, days: number): number {
  const day = Math.floor(local / MS_PER_DAY);
  const past = days === 7 ? (((day + 3) % 7) + 7) % 7 : 0;
  return (day - past) * MS_PER_DAY;
}
