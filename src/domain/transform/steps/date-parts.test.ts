import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultsOf, dateResultOf as of, resultOf } from '../../../../test/support/steps.js';
import type { DateUnit } from '../date-unit.js';
import type { Step } from '../step-kinds.js';
import type { DatePart } from './extract-date-part.js';

const BERLIN = 'Europe/Berlin';
const column = 'from';
/** None for an empty name. */
const zone = (timeZone: string) => (timeZone === '' ? {} : { timeZone });
const truncate = (unit: DateUnit, timeZone = ''): Step => {
  return { kind: 'truncateDate', settings: { column, unit, ...zone(timeZone) } };
};
const extract = (part: DatePart, timeZone = ''): Step => {
  return { kind: 'extractDatePart', settings: { column, part, ...zone(timeZone) } };
};
const change = (settings: { readonly from?: string; readonly to?: string }): Step => {
  return { kind: 'changeTimeZone', settings: { column, ...settings } };
};
const NOW: Step = { kind: 'now', settings: { truncateTo: 'HOUR' } };

describe('truncateDate', () => {
  it.each<[string, DateUnit, string, string?]>([
    ['2024-08-15T13:45:30.123Z', 'YEAR', '2024-01-01T00:00Z'],
    ['2024-08-15T13:45:30.123Z', 'QUARTER', '2024-07-01T00:00Z'],
    ['2024-08-15T13:45:30.123Z', 'MONTH', '2024-08-01T00:00Z'],
    ['2024-08-15T13:45:30.123Z', 'WEEK', '2024-08-12T00:00Z'],
    ['2024-08-12T00:00Z', 'WEEK', '2024-08-12T00:00Z'],
    ['2024-08-11T23:59Z', 'WEEK', '2024-08-05T00:00Z'],
    ['1969-12-31T00:00Z', 'WEEK', '1969-12-29T00:00Z'],
    ['2024-08-15T13:45:30.123Z', 'DAY', '2024-08-15T00:00Z'],
    ['2024-08-15T13:45:30.123Z', 'HOUR', '2024-08-15T13:00Z'],
    ['2024-08-15T13:45:30.123Z', 'MINUTE', '2024-08-15T13:45Z'],
    ['2024-08-15T13:45:30.123Z', 'SECOND', '2024-08-15T13:45:30Z'],
    ['2024-08-15T13:45:30.123Z', 'MILLISECOND', '2024-08-15T13:45:30.123Z'],
    ['2024-08-14T22:30Z', 'DAY', '2024-08-14T22:00Z', BERLIN],
    ['2024-01-01T05:00Z', 'YEAR', '2024-01-01T05:00Z', 'America/New_York'],
    ['2024-01-01T04:59Z', 'YEAR', '2023-01-01T05:00Z', 'America/New_York'],
    ['2024-06-01T10:29Z', 'HOUR', '2024-06-01T09:30Z', 'Asia/Kolkata'],
    ['2018-11-04T12:00Z', 'DAY', '2018-11-04T03:00Z', 'America/Sao_Paulo'],
    ['2024-10-27T00:45Z', 'HOUR', '2024-10-27T00:00Z', BERLIN],
    ['2024-10-27T01:45Z', 'HOUR', '2024-10-27T01:00Z', BERLIN],
    ['2024-10-05T15:40Z', 'HOUR', '2024-10-05T15:30Z', 'Australia/Lord_Howe'],
    ['0000-01-01T12:00Z', 'YEAR', '0000-01-01T00:00Z'],
    [
      '0000-01-01T12:00Z',
      'WEEK',
      'the start of the WEEK of 0000-01-01T12:00:00.000Z is outside the years 0000 to 9999 in UTC',
    ],
  ])('cuts %s to its %s: %s', (from, unit, result, timeZone = '') => {
    expect(of(truncate(unit, timeZone), from)).toBe(result);
  });

  it('gives null for null, and changes nothing when it is done twice', () => {
    expect(resultOf(truncate('DAY'), {})).toBeNull();
    const dates = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    const units = fc.constantFrom<DateUnit>('YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE');
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    fc.assert(
      fc.property(dates, units, zones, (from, unit, timeZone) => {
        const once = resultOf(truncate(unit, timeZone), { from });
        if (!(once instanceof Date)) throw new Error(`it is ${once}`);
        expect(once.getTime()).toBeLessThanOrEqual(from.getTime());
        expect(resultOf(truncate(unit, timeZone), { from: once })).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });
});

describe('extractDatePart', () => {
  it.each<[string, DatePart, number, string?]>([
    ['2024-08-15T13:45:30.123Z', 'YEAR', 2024],
    ['2024-08-15T13:45:30.123Z', 'QUARTER', 3],
    ['2024-08-15T13:45:30.123Z', 'MONTH', 8],
    ['2024-08-15T13:45:30.123Z', 'DAY', 15],
    ['2024-12-31T13:45:30.123Z', 'DAY_OF_YEAR', 366],
    ['2024-08-15T13:45:30.123Z', 'WEEKDAY', 4],
    ['2024-08-18T13:45:30.123Z', 'WEEKDAY', 7],
    ['2024-08-15T13:45:30.123Z', 'HOUR', 13],
    ['2024-08-15T13:45:30.123Z', 'MINUTE', 45],
    ['2024-08-15T13:45:30.123Z', 'SECOND', 30],
    ['2024-08-15T13:45:30.123Z', 'MILLISECOND', 123],
    ['2024-12-30T00:00Z', 'WEEK', 1],
    ['2024-12-30T00:00Z', 'WEEK_YEAR', 2025],
    ['2021-01-03T00:00Z', 'WEEK', 53],
    ['2021-01-03T00:00Z', 'WEEK_YEAR', 2020],
    ['2024-12-31T23:30Z', 'YEAR', 2025, BERLIN],
    ['2024-06-01T00:00Z', 'HOUR', 5, 'Asia/Kathmandu'],
    ['2024-06-01T00:00Z', 'MINUTE', 45, 'Asia/Kathmandu'],
    ['0000-01-01T00:00Z', 'YEAR', 0],
    ['9999-12-31T23:59:59.999Z', 'YEAR', 9999],
  ])('of %s gives as %s %d', (from, part, result, timeZone = '') => {
    expect(of(extract(part, timeZone), from)).toBe(result);
  });

  it('gives null for null, and refuses a text and a name that is no time zone', () => {
    expect(resultOf(extract('YEAR'), {})).toBeNull();
    expect(faultsOf({ kind: 'extractDatePart', settings: { column: 'text', part: 'YEAR', timeZone: 'IST' } })).toEqual([
      'column is "text": the column is TEXT; the step takes DATETIME',
      'timeZone is "IST"; give a name of the IANA database, such as Europe/Berlin',
    ]);
  });
});

describe('changeTimeZone', () => {
  it.each<[string, { from?: string; to?: string }, string]>([
    ['2024-07-01T12:00Z', { from: BERLIN }, '2024-07-01T10:00Z'],
    ['2024-07-01T10:00Z', { to: BERLIN }, '2024-07-01T12:00Z'],
    ['2024-01-01T12:00Z', { from: BERLIN, to: 'America/New_York' }, '2024-01-01T06:00Z'],
    ['2024-03-31T02:30Z', { from: BERLIN }, '2024-03-31T01:30Z'],
    ['2024-10-27T02:30Z', { from: BERLIN }, '2024-10-27T00:30Z'],
    [
      '9999-12-31T23:30Z',
      { to: BERLIN },
      '9999-12-31T23:30:00.000Z from UTC to Europe/Berlin is outside the years 0000 to 9999 in UTC',
    ],
  ])('turns %s %j into %s', (from, settings, result) => {
    expect(of(change(settings), from)).toBe(result);
  });

  it('gives null for null, and needs a zone', () => {
    expect(resultOf(change({ to: BERLIN }), {})).toBeNull();
    expect(faultsOf(change({}))).toEqual(['it has neither from nor to; give one of them, or both']);
    expect(faultsOf(change({ from: 'Mars', to: '+02:00' }))).toEqual([
      'from is "Mars"; give a name of the IANA database, such as Europe/Berlin',
      'to is "+02:00"; give a name of the IANA database, such as Europe/Berlin',
    ]);
  });
});

describe('now', () => {
  it('gives the time at which the record was saved, cut to a unit', () => {
    expect(resultOf(NOW, {}, new Date('2024-08-15T13:45:30.123Z'))).toEqual(new Date('2024-08-15T13:00Z'));
  });
});
