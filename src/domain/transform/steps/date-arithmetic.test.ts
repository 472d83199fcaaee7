import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultsOf, dateResultOf as of, resultOf } from '../../../../test/support/steps.js';
import type { DateUnit } from '../date-unit.js';
import type { Step } from '../step-kinds.js';

const BERLIN = 'Europe/Berlin';
const column = 'from';
/** None for an empty name. */
const zone = (timeZone: string) => (timeZone === '' ? {} : { timeZone });
const add = (unit: DateUnit, timeZone = ''): Step => {
  return { kind: 'addTime', settings: { column, amount: { column: 'n' }, unit, ...zone(timeZone) } };
};
const difference = (unit: DateUnit, fractional: boolean, timeZone = ''): Step => {
  const settings = { from: { column }, to: { column: 'to' }, unit, fractional };
  return { kind: 'dateDifference', settings: { ...settings, ...zone(timeZone) } };
};

describe('addTime and subtractTime', () => {
  it.each<[string, string, number, DateUnit, string, string?]>([
    ['a month from a longer month', '2024-01-31T10:00Z', 1, 'MONTH', '2024-02-29T10:00Z'],
    ['a month in a common year', '2023-01-31T10:00Z', 1, 'MONTH', '2023-02-28T10:00Z'],
    ['a month back', '2024-03-31T10:00Z', -1, 'MONTH', '2024-02-29T10:00Z'],
    ['a quarter', '2024-11-30T00:00Z', 1, 'QUARTER', '2025-02-28T00:00Z'],
    ['a year from a leap day', '2024-02-29T00:00Z', 1, 'YEAR', '2025-02-28T00:00Z'],
    ['four years from a leap day', '2024-02-29T00:00Z', 4, 'YEAR', '2028-02-29T00:00Z'],
    ['a year in the first century', '0000-02-29T00:00Z', 1, 'YEAR', '0001-02-28T00:00Z'],
    ['weeks', '2024-02-22T00:00Z', 2, 'WEEK', '2024-03-07T00:00Z'],
    ['half an hour', '2024-01-01T00:00Z', 0.5, 'HOUR', '2024-01-01T00:30Z'],
    ['a part of a millisecond, rounded', '2024-01-01T00:00Z', 0.6, 'MILLISECOND', '2024-01-01T00:00:00.001Z'],
    ['a day of 23 hours', '2024-03-30T11:00Z', 1, 'DAY', '2024-03-31T10:00Z', BERLIN],
    ['24 hours on the same day', '2024-03-30T11:00Z', 24, 'HOUR', '2024-03-31T11:00Z', BERLIN],
    ['into a time that clocks skip', '2024-03-30T01:30Z', 1, 'DAY', '2024-03-31T01:30Z', BERLIN],
    ['into a time that clocks show twice', '2024-10-26T00:30Z', 1, 'DAY', '2024-10-27T00:30Z', BERLIN],
    ['nothing, at the second of two times', '2024-10-27T01:30Z', 0, 'DAY', '2024-10-27T01:30Z', BERLIN],
    ['months of a zone where it is the next day', '2024-01-30T23:30Z', 1, 'MONTH', '2024-02-28T23:30Z', BERLIN],
    ['over a day that a zone skipped', '2011-12-29T12:00Z', 2, 'DAY', '2011-12-30T12:00Z', 'Pacific/Apia'],
    ['to the last millisecond', '9999-12-30T23:59:59.999Z', 1, 'DAY', '9999-12-31T23:59:59.999Z'],
  ])('move by %s', (_what, from, n, unit, result, timeZone = '') => {
    expect(of(add(unit, timeZone), from, { n })).toBe(result);
    expect(of({ ...add(unit, timeZone), kind: 'subtractTime' } as Step, from, { n: -n })).toBe(result);
  });

  it.each<[string, number, DateUnit, string, string?]>([
    ['9999-12-31T00:00:00.000Z', 1, 'DAY', 'is outside the years 0000 to 9999 in UTC'],
    ['2024-01-01T00:00:00.000Z', 1e12, 'YEAR', 'is outside the years 0000 to 9999 in UTC', BERLIN],
    ['2024-01-01T00:00:00.000Z', 1e300, 'MILLISECOND', 'is outside the years 0000 to 9999 in UTC'],
    ['2024-01-01T00:00:00.000Z', -1e9, 'DAY', 'is outside the years 0000 to 9999 in UTC', BERLIN],
  ])('refuse %s plus %d %s', (from, n, unit, what, timeZone = '') => {
    expect(of(add(unit, timeZone), from, { n })).toBe(`${from} plus ${n} ${unit} ${what}`);
  });

  it('refuse a part of a day, name the step back, and give null for null', () => {
    expect(of(add('DAY'), '2024-01-01', { n: 1.5 })).toBe(
      'the amount is 1.5; a DAY is not divided, so give a whole number',
    );
    const back = { ...add('YEAR'), kind: 'subtractTime' } as Step;
    expect(of(back, '2024-01-01', { n: 3000 })).toMatch(/^2024-01-01T00:00:00.000Z minus 3000 YEAR is outside/);
    expect(resultOf(add('DAY'), { n: 1 })).toBeNull();
    expect(resultOf(add('DAY'), { from: new Date(0) })).toBeNull();
  });
});

describe('dateDifference', () => {
  it.each<[string, string, DateUnit, number, number, string?]>([
    // from, to, unit, whole, fractional
    ['2024-01-01T00:00Z', '2024-01-02T12:00Z', 'DAY', 1, 1.5],
    ['2024-01-02T12:00Z', '2024-01-01T00:00Z', 'DAY', -1, -1.5],
    ['2024-01-01T12:00Z', '2024-01-01T00:00Z', 'DAY', 0, -0.5],
    ['2024-01-01T00:00Z', '2024-01-01T00:00Z', 'YEAR', 0, 0],
    ['2024-01-31T00:00Z', '2024-02-28T00:00Z', 'MONTH', 0, 28 / 29],
    ['2023-01-31T00:00Z', '2023-02-28T00:00Z', 'MONTH', 1, 1],
    ['2024-02-29T00:00Z', '2025-02-28T00:00Z', 'YEAR', 1, 1],
    ['2024-01-01T00:00Z', '2024-05-16T12:00Z', 'QUARTER', 1, 1.5],
    ['2024-01-01T00:00Z', '2024-01-12T00:00Z', 'WEEK', 1, 11 / 7],
    ['2024-01-01T00:00Z', '2024-01-01T01:30Z', 'HOUR', 1, 1.5],
    ['2024-01-01T00:00Z', '2024-01-01T00:00:01.500Z', 'SECOND', 1, 1.5],
    ['2024-03-30T11:00Z', '2024-03-31T10:00Z', 'DAY', 1, 1, BERLIN],
    ['2024-03-30T11:00Z', '2024-03-31T10:00Z', 'HOUR', 23, 23, BERLIN],
    ['2024-03-30T23:00Z', '2024-03-31T10:30Z', 'DAY', 0, 0.5, BERLIN],
    ['2024-10-26T00:30Z', '2024-10-27T01:10Z', 'DAY', 1, 1 + 40 / (25 * 60), BERLIN],
    ['2011-12-29T12:00Z', '2011-12-30T12:00Z', 'DAY', 2, 2, 'Pacific/Apia'],
    ['0000-01-01T00:00Z', '9999-12-31T23:59:59.999Z', 'YEAR', 9999, 10_000],
    ['0000-01-01T00:00Z', '9999-12-31T23:59:59.999Z', 'DAY', 3_652_424, 3_652_425],
  ])('from %s to %s in %s is %d, or %d', (from, to, unit, whole, fractional, timeZone = '') => {
    expect(of(difference(unit, false, timeZone), from, { to })).toBe(whole);
    expect(of(difference(unit, true, timeZone), from, { to })).toBeCloseTo(fractional, 7);
  });

  it('takes constants, gives null for null, and refuses what is no date', () => {
    const settings = { to: { column }, unit: 'DAY', fractional: false } as const;
    const since = (constant: string): Step => ({
      kind: 'dateDifference',
      settings: { ...settings, from: { constant } },
    });
    expect(of(since('2024-01-01T01:00+01:00'), '2024-01-03')).toBe(2);
    expect(resultOf(since('2024-01-01'), {})).toBeNull();
    expect(faultsOf(since('01.02.2024'))).toEqual([
      expect.stringMatching(/^from is "01.02.2024"; write a date as YYYY/),
    ]);
    expect(faultsOf({ kind: 'dateDifference', settings: { ...settings, from: { column: 'text' } } })).toEqual([
      'from is "text": the column is TEXT; the step takes DATETIME',
    ]);
    expect(faultsOf({ kind: 'dateDifference', settings: { ...settings, from: {} } })).toEqual([
      'from needs a column or a constant date, one of them',
    ]);
  });

  it('is as long back as forth, and added to the first date does not pass the second', () => {
    const dates = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    const units = fc.constantFrom<DateUnit>('YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR');
    const zones = fc.constantFrom(BERLIN, 'America/New_York', 'Pacific/Apia', 'UTC');
    fc.assert(
      fc.property(dates, dates, units, zones, (from, to, unit, timeZone) => {
        const [earlier, later] = from < to ? [from, to] : [to, from];
        const n = Number(resultOf(difference(unit, false, timeZone), { from: earlier, to: later }));
        expect(resultOf(difference(unit, false, timeZone), { from: later, to: earlier })).toBe(0 - n);
        const there = (count: number) => resultOf(add(unit, timeZone), { from: earlier, n: count });
        expect([Number(there(n)) <= Number(later), Number(there(n + 1)) > Number(later)]).toEqual([true, true]);
      }),
      { numRuns: 300 },
    );
  });
});
