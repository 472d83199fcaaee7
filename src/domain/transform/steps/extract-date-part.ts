import { calendarOf } from '../calendar.js';
import { MS_PER_DAY } from '../date-unit.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

/** How each part is read from a date whose UTC fields hold local time. */
const PARTS = {
  YEAR: (date: Date) => date.getUTCFullYear(),
  QUARTER: (date: Date) => Math.floor(date.getUTCMonth() / 3) + 1,
  MONTH: (date: Date) => date.getUTCMonth() + 1,
  WEEK: (date: Date) => Math.floor((dayOfYear(thursdayOf(date)) - 1) / 7) + 1,
  WEEK_YEAR: (date: Date) => thursdayOf(date).getUTCFullYear(),
  DAY: (date: Date) => date.getUTCDate(),
  DAY_OF_YEAR: (date: Date) => dayOfYear(date),
  WEEKDAY: (date: Date) => weekdayOf(date),
  HOUR: (date: Date) => date.getUTCHours(),
  MINUTE: (date: Date) => date.getUTCMinutes(),
  SECOND: (date: Date) => date.getUTCSeconds(),
  MILLISECOND: (date: Date) => date.getUTCMilliseconds(),
} as const;

export type DatePart = keyof typeof PARTS;
export const DATE_PARTS = Object.keys(PARTS) as readonly DatePart[];

export interface ExtractDatePartStep {
  readonly column: string;
  readonly part: DatePart;
  readonly timeZone?: string;
}

export const extractDatePart: StepKind<ExtractDatePartStep> = {
  plan({ column, part, timeZone }: ExtractDatePartStep, inputs: StepInputs): ValuePlan {
    const read = inputs.date(column);
    const { toLocal } = calendarOf(timeZone, inputs);
    const partOf = PARTS[part];
    return {
      type: 'NUMERIC',
      compute(row, context) {
        const date = read(row, context);
        return date === null ? null : partOf(new Date(toLocal(date.getTime())));
      },
    };
  },
};

/** From 1 for Monday to 7. */
function weekdayOf(date: Date): number {
  return date.getUTCDay() || 7;
}

/** The Thursday of its week, which lies in the year that ISO 8601 counts the week to. */
function thursdayOf(date: Date): Date {
  return new Date(date.getTime() + (4 - weekdayOf(date)) * MS_PER_DAY);
}

function dayOfYear(date: Date): number {
  const start = new Date(date).setUTCMonth(0, 1);
  return Math.round((date.getTime() - start) / MS_PER_DAY) + 1;
}
