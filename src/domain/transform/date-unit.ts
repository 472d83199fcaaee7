/** Units of time, from the longest to the shortest. */
export const DATE_UNITS = [
  'YEAR',
  'QUARTER',
  'MONTH',
  'WEEK',
  'DAY',
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
] as const;
export type DateUnit = (typeof DATE_UNITS)[number];

export const MS_PER_DAY = 86_400_000;

/** Units with a fixed length. A day has none, because the clocks may change on it. */
const MS_PER_UNIT: Readonly<Partial<Record<DateUnit, number>>> = {
  HOUR: 3_600_000,
  MINUTE: 60_000,
  SECOND: 1_000,
  MILLISECOND: 1,
};
const MONTHS_PER_UNIT: Readonly<Partial<Record<DateUnit, number>>> = { YEAR: 12, QUARTER: 3, MONTH: 1 };

/** How a unit is counted: in milliseconds that pass, or in days or months of a calendar. */
export type Measure = { readonly ms: number } | { readonly days: number } | { readonly months: number };

export function measureOf(unit: DateUnit): Measure {
  const ms = MS_PER_UNIT[unit];
  if (ms !== undefined) return { ms };
  const months = MONTHS_PER_UNIT[unit];
  return months === undefined ? { days: unit === 'WEEK' ? 7 : 1 } : { months };
}
