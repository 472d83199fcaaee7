import { instantOf } from '../sample/date-time.js';
import { isWeekday, monthNamed, SHORT_MONTH_NAME, SHORT_WEEKDAY_NAME } from './calendar-names.js';

const SPACE = '[ \\t\\r\\n]';
/** Runs of spaces are always between other parts, and a comment contains no brackets, so a text matches in only one way and backtracking stays linear. */
const FORM = new RegExp(
  `^(?:(?<weekday>${SHORT_WEEKDAY_NAME})${SPACE}*,${SPACE}*)?(?<day>\\d{1,2})${SPACE}+(?<month>${SHORT_MONTH_NAME})${SPACE}+(?<year>\\d{2,4})` +
    `${SPACE}+(?<hour>\\d{2}):(?<minute>\\d{2})(?::(?<second>\\d{2}))?${SPACE}+(?<zone>[+-]\\d{4}|[A-Za-z]{1,3})(?:${SPACE}*\\([^()]*\\))?$`,
);

/** The zone names with a defined offset. RFC 2822 treats all others as unknown. */
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
 * Parses dates of mail and HTTP: `Tue, 1 Jul 2003 10:52:37 +0200`. Weekday and seconds are optional, a comment may follow, and obsolete forms of RFC 2822 are allowed: years with two
 * or three digits and zone names. Null for all other texts, for a wrong weekday, and for a zone without a defined offset.
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

/** Years with two digits are 1950 to 2049. Years with three digits count from 1900. */
function yearOf(shown: string): number {
  const year = Number(shown);
  if (shown.length === 4) return year;
  return year + (shown.length === 2 && year < 50 ? 2000 : 1900);
}
