import { instantOf } from '../sample/date-time.js';
import { isWeekday, monthNamed, SHORT_MONTH_NAME, SHORT_WEEKDAY_NAME } from './calendar-names.js';

const SPACE = '[ \\t\\r\\n]';
/** Each run of spaces stands between two other things, and a comment holds no brackets: no text is read in two ways. */
const FORM = new RegExp(
  `^(?:(?<weekday>${SHORT_WEEKDAY_NAME})${SPACE}*,${SPACE}*)?(?<day>\\d{1,2})${SPACE}+(?<month>${SHORT_MONTH_NAME})${SPACE}+(?<year>\\d{2,4})` +
    `${SPACE}+(?<hour>\\d{2}):(?<minute>\\d{2})(?::(?<second>\\d{2}))?${SPACE}+(?<zone>[+-]\\d{4}|[A-Za-z]{1,3})(?:${SPACE}*\\([^()]*\\))?$`,
);

/** The zones with names that say which offset they have. RFC 2822 takes all others for unknown. */
const ZONES: Readonly<Record<string, string>> = {
  UT: 'Z',
  UTC: 'Z',
  GMT: 'Z',
  Z: 'Z',
  EST: '-0500',
  EDT: '-0400',
  CST: '-0600',
  CDT: '-0500',
  MST: '-0700',
  MDT: '-0600',
  PST: '-0800',
  PDT: '-0700',
};

/**
 * Reads dates of mail and of HTTP: `Tue, 1 Jul 2003 10:52:37 +0200`, without weekday or seconds too, with a comment at the end, and with the years of two or
 * three digits and the zone names that RFC 2822 calls obsolete. Null for anything else: a weekday that the day has not, a zone whose offset is unknown.
 */
export function parseRfc2822(text: string): Date | null {
  const shown = FORM.exec(text.trim())?.groups;
  if (!shown) return null;
  const { weekday, day, month = '', year: yearShown = '', hour, minute, second = '0', zone: zoneShown = '' } = shown;
  const date = { year: yearOf(yearShown), month: monthNamed(month), day: Number(day) };
  const zone = /\d/.test(zoneShown) ? zoneShown : ZONES[zoneShown.toUpperCase()];
  if (zone === undefined || (weekday && !isWeekday(weekday, date.year, date.month, date.day))) return null;
  const time = { hour: Number(hour), minute: Number(minute), second: Number(second), fraction: '', zone };
  const instant = instantOf({ ...date, ...time });
  return instant instanceof Date ? instant : null;
}

/** Years of two digits are 1950 to 2049, those of three count from 1900. */
function yearOf(shown: string): number {
  const year = Number(shown);
  if (shown.length === 4) return year;
  return year + (shown.length === 2 && year < 50 ? 2000 : 1900);
}
