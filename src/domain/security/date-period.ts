import type { Period } from './permissions.js';

/** The first and the last millisecond of a period. */
export interface DateSpan {
  readonly from: Date;
  readonly to: Date;
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

const LENGTHS: Partial<Record<Period, number>> = {
  MILLISECOND: 1,
  SECOND: SECOND_MS,
  MINUTE: 60 * SECOND_MS,
  HOUR: 3_600 * SECOND_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
};
const MONTHS: Partial<Record<Period, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

/** The period, in UTC, that begins at an instant; null if none of this kind begins there. Weeks begin on Monday. */
export function periodFrom(start: Date, period: Period): DateSpan | null {
  const next = nextStart(start, period);
  return next === null ? null : { from: start, to: new Date(next - 1) };
}

function nextStart(start: Date, period: Period): number | null {
  const [time, length, months] = [start.getTime(), LENGTHS[period], MONTHS[period]];
  if (length !== undefined) {
    const begins = period === 'WEEK' ? time % DAY_MS === 0 && start.getUTCDay() === 1 : time % length === 0;
    return begins ? time + length : null;
  }
  if (months === undefined || time % DAY_MS !== 0 || start.getUTCDate() !== 1) return null;
  if (start.getUTCMonth() % months !== 0) return null;
  return new Date(time).setUTCMonth(start.getUTCMonth() + months);
}
