const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Regular expressions for the English names, in full or with three letters, in any case. */
export const MONTH_NAME = inAnyCase(MONTHS);
export const SHORT_MONTH_NAME = inAnyCase(MONTHS.map(short));
export const WEEKDAY_NAME = inAnyCase(WEEKDAYS);
export const SHORT_WEEKDAY_NAME = inAnyCase(WEEKDAYS.map(short));

/** The English name of a month, in full and with a capital. `month` counts from 1. */
export function monthName(month: number): string {
  return capitalized(MONTHS[month - 1]);
}

/** The English name of a weekday, in full and with a capital. `weekday` counts from Sunday, 0. */
export function weekdayName(weekday: number): string {
  return capitalized(WEEKDAYS[weekday]);
}

function capitalized(word = ''): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** The number of a month, from 1. The name is in full or its first three letters, in any case. */
export function monthNamed(name: string): number {
  return indexOf(name, MONTHS) + 1;
}

/** Whether a date falls on the weekday with this name, in full or its first three letters, in any case. `month` counts from 1. */
export function isWeekday(name: string, year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCDay() === indexOf(name, WEEKDAYS);
}

function indexOf(name: string, names: readonly string[]): number {
  const wanted = name.toLowerCase();
  return names.findIndex((one) => one.startsWith(wanted));
}

function short(name: string): string {
  return name.slice(0, 3);
}

function inAnyCase(words: readonly string[]): string {
  return words.map((word) => word.replace(/./g, (letter) => `[${letter}${letter.toUpperCase()}]`)).join('|');
}
