import { MS_PER_DAY } from './date-unit.js';

/** From 0000-03-01 to 1970-01-01. Years that begin in March have their leap day at the end. */
const DAYS_TO_1970 = 719_468;
const DAYS_OF_400_YEARS = 146_097;
const MARCH = 2;

/** The number of the month that a time is in, counted from January of the year 0. By arithmetic, which takes a tenth of the time of the fields of a `Date`. */
export function monthOf(time: number): number {
  const days = Math.floor(time / MS_PER_DAY) + DAYS_TO_1970;
  const cycle = Math.floor(days / DAYS_OF_400_YEARS);
  const day = days - cycle * DAYS_OF_400_YEARS;
  const leapDays = Math.floor(day / 1_460) - Math.floor(day / 36_524) + Math.floor(day / 146_096);
  const year = Math.floor((day - leapDays) / 365);
  const dayOfYear = day - daysBefore(year);
  // Five months from March, and five from August, have 153 days each.
  return (400 * cycle + year) * 12 + MARCH + Math.floor((5 * dayOfYear + 2) / 153);
}

/** When the month of this number begins. */
export function startOfMonth(month: number): number {
  const fromMarch = month - MARCH;
  const year = Math.floor(fromMarch / 12);
  const days = daysBefore(year) + Math.floor((153 * (fromMarch - 12 * year) + 2) / 5);
  return (days - DAYS_TO_1970) * MS_PER_DAY;
}

/** The days of so many years that begin in March. */
function daysBefore(year: number): number {
  return 365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
}
