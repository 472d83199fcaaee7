import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { compiled } from '../../../../test/support/steps.js';
import { DATE_UNITS, type DateUnit } from '../date-unit.js';
import type { Step } from '../step-kinds.js';
import { DATE_PARTS, type DatePart } from './extract-date-part.js';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Africa/Casablanca',
];
const DAY = 86_400_000;
const EARLIEST = Date.parse('0000-01-01T00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
const LUXON_UNITS = {
  YEAR: 'year',
  QUARTER: 'quarter',
  MONTH: 'month',
  WEEK: 'week',
  DAY: 'day',
  HOUR: 'hour',
  MINUTE: 'minute',
  SECOND: 'second',
  MILLISECOND: 'millisecond',
} as const;
const LUXON_PARTS = {
  YEAR: 'year',
  QUARTER: 'quarter',
  MONTH: 'month',
  WEEK: 'weekNumber',
  WEEK_YEAR: 'weekYear',
  DAY: 'day',
  DAY_OF_YEAR: 'ordinal',
  WEEKDAY: 'weekday',
  HOUR: 'hour',
  MINUTE: 'minute',
  SECOND: 'second',
  MILLISECOND: 'millisecond',
} as const;

const zones = fc.constantFrom(...ZONES);
const units = fc.constantFrom(...DATE_UNITS);
/** Where time zones are ruled by laws, and half of them around changes of clocks and ends of months. */
const modern = fc.oneof(
  fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2060, 0) }),
  fc
    .record({
      year: fc.integer({ min: 1975, max: 2037 }),
      month: fc.constantFrom(0, 1, 2, 3, 8, 9, 10, 11),
      day: fc.integer({ min: 1, max: 31 }),
      minutes: fc.integer({ min: -720, max: 2160 }),
    })
    .map(({ year, month, day, minutes }) => Date.UTC(year, month, day) + minutes * 60_000),
);
const anyTime = fc.integer({ min: EARLIEST, max: LATEST });
const amounts = fc.integer({ min: -500, max: 500 });
const isCalendar = (unit: DateUnit) => DATE_UNITS.indexOf(unit) <= DATE_UNITS.indexOf('DAY');

/** Compiles each step once. */
function cached<A extends string[]>(make: (...settings: A) => Step): (...settings: A) => ReturnType<typeof compiled> {
  const known = new Map<string, ReturnType<typeof compiled>>();
  return (...settings) => {
    const key = settings.join();
    const run = known.get(key) ?? compiled(make(...settings));
    known.set(key, run);
    return run;
  };
}

const addTime = cached((unit: DateUnit, timeZone: string) => {
  return { kind: 'addTime', settings: { column: 'from', amount: { column: 'n' }, unit, timeZone } };
});
const difference = cached((unit: DateUnit, timeZone: string, form: 'whole' | 'fractional') => {
  const settings = { from: { column: 'from' }, to: { column: 'to' }, unit, timeZone };
  return { kind: 'dateDifference', settings: { ...settings, fractional: form === 'fractional' } };
});
const truncate = cached((unit: DateUnit, timeZone: string) => {
  return { kind: 'truncateDate', settings: { column: 'from', unit, timeZone } };
});
const extract = cached((part: DatePart, timeZone: string) => {
  return { kind: 'extractDatePart', settings: { column: 'from', part, timeZone } };
});

const at = (instant: number, zone: string) => DateTime.fromMillis(instant, { zone });
const isTwice = (time: DateTime) => time.getPossibleOffsets().length > 1;
/** Of a time that clocks show twice, the first; luxon has the one or the other. */
const first = (time: DateTime) => Math.min(...time.getPossibleOffsets().map((one) => one.toMillis()));
const millis = (value: unknown) => (value instanceof Date ? value.getTime() : value);
const runs = { numRuns: 2_000 };

describe('steps on dates, compared with luxon', () => {
  it('move dates as it does', () => {
    fc.assert(
      fc.property(modern, amounts, units, zones, (instant, n, unit, zone) => {
        const expected = at(instant, zone).plus({ [LUXON_UNITS[unit]]: n });
        const result = addTime(unit, zone)({ from: new Date(instant), n });
        expect(millis(result)).toBe(isCalendar(unit) && n !== 0 ? first(expected) : expected.toMillis());
      }),
      runs,
    );
  });

  it('move dates of all years, and stop at the bounds', () => {
    fc.assert(
      fc.property(anyTime, fc.integer({ min: -200_000, max: 200_000 }), units, (instant, n, unit) => {
        const expected = at(instant, 'UTC')
          .plus({ [LUXON_UNITS[unit]]: n })
          .toMillis();
        const result = addTime(unit, 'UTC')({ from: new Date(instant), n });
        if (expected >= EARLIEST && expected <= LATEST) expect(millis(result)).toBe(expected);
        else expect(result).toMatch(/ is outside the years 0000 to 9999 in UTC$/);
      }),
      runs,
    );
  });

  it('find the start of a unit as it does', () => {
    fc.assert(
      fc.property(modern, units, zones, (instant, unit, zone) => {
        const expected = at(instant, zone).startOf(LUXON_UNITS[unit]);
        const result = truncate(unit, zone)({ from: new Date(instant) });
        expect(millis(result)).toBe(isCalendar(unit) ? first(expected) : expected.toMillis());
      }),
      runs,
    );
  });

  it('find the start of a unit in all years', () => {
    fc.assert(
      fc.property(fc.integer({ min: EARLIEST + 7 * DAY, max: LATEST }), units, (instant, unit) => {
        const expected = at(instant, 'UTC').startOf(LUXON_UNITS[unit]).toMillis();
        expect(millis(truncate(unit, 'UTC')({ from: new Date(instant) }))).toBe(expected);
      }),
      runs,
    );
  });

  it('read parts as it does', () => {
    fc.assert(
      fc.property(modern, fc.constantFrom(...DATE_PARTS), zones, (instant, part, zone) => {
        const result = extract(part, zone)({ from: new Date(instant) });
        expect(result).toBe(at(instant, zone)[LUXON_PARTS[part]]);
      }),
      runs,
    );
  });

  it('read parts in all years', () => {
    fc.assert(
      fc.property(anyTime, fc.constantFrom(...DATE_PARTS), (instant, part) => {
        expect(extract(part, 'UTC')({ from: new Date(instant) })).toBe(at(instant, 'UTC')[LUXON_PARTS[part]]);
      }),
      runs,
    );
  });

  it('measure time as it does', () => {
    const near = fc.integer({ min: -800 * DAY, max: 800 * DAY });
    fc.assert(
      fc.property(modern, near, units, zones, (instant, apart, unit, zone) => {
        const [from, to] = [at(instant, zone), at(instant + apart, zone)];
        fc.pre(!isTwice(from) && !isTwice(to));
        const row = { from: new Date(instant), to: new Date(instant + apart) };
        const expected = to.diff(from, LUXON_UNITS[unit]).as(LUXON_UNITS[unit]);
        expect(difference(unit, zone, 'whole')(row)).toBe(Math.trunc(expected) + 0);
        // Elsewhere, luxon may end the unit at the second of two times; and for the last days of months it takes one of two lengths.
        if (zone === 'UTC' && Math.max(from.day, to.day) <= 28) {
          expect(difference(unit, zone, 'fractional')(row)).toBeCloseTo(expected, 6);
        }
      }),
      runs,
    );
  });

  it('measure time between all years', () => {
    fc.assert(
      fc.property(anyTime, anyTime, units, (from, to, unit) => {
        const expected = at(to, 'UTC').diff(at(from, 'UTC'), LUXON_UNITS[unit]).as(LUXON_UNITS[unit]);
        const row = { from: new Date(from), to: new Date(to) };
        expect(difference(unit, 'UTC', 'whole')(row)).toBe(Math.trunc(expected) + 0);
      }),
      runs,
    );
  });
});
