import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileDateFormat, dateFormatFault } from './date-format.js';

const read = (format: string, value: string | number) => compileDateFormat(format)(value)?.toISOString() ?? null;

describe('compileDateFormat', () => {
  it.each([
    ['DD/MM/YYYY', '31/12/2024', '2024-12-31T00:00:00.000Z'],
    ['D MMM YY', '1 may 24', '2024-05-01T00:00:00.000Z'],
    ['MMMM D, YYYY [at] h:mm A', 'September 3, 1999 at 12:05 AM', '1999-09-03T00:05:00.000Z'],
    ['YYYY-MM-DDTHH:mm:ss.SSSZ', '2024-02-29T23:59:59.999-02:30', '2024-03-01T02:29:59.999Z'],
    ['YYYYMMDD', '20240102', '2024-01-02T00:00:00.000Z'],
    ['YYYY(MM)DD*', '2024(01)02*', '2024-01-02T00:00:00.000Z'],
    ['M/D/YY h:mm A', '1/2/61 12:00 PM', '1961-01-02T12:00:00.000Z'],
  ])('reads %s in %s', (format, text, instant) => {
    expect(dateFormatFault(format)).toBeNull();
    expect(read(format, text)).toBe(instant);
  });

  it.each([
    ['M/D/YY h:mm A', '1/2/24 13:04 PM'],
    ['M/D/YY h:mm A', '1/2/24 0:04 AM'],
    ['M/D/YY h:mm A', '1/2/124 1:04 AM'],
    ['DD/MM/YYYY', '1/1/2024'],
    ['DD/MM/YYYY', '29/02/2023'],
    ['DD/MM/YYYY', '00/01/2023'],
    ['DD/MM/YYYY', ' 01/01/2023'],
    ['D MMMM YYYY', '1 Sep 2023'],
    ['D MMM YYYY', '1 Sept 2023'],
    ['YYYY-MM-DD HH:mm', '2024-01-01 24:00'],
    ['YYYY-MM-DD HH:mm:ss', '2024-01-01 23:59:60'],
    ['YYYY-MM-DD HH:mm Z', '2024-01-01 00:00 +24:00'],
    ['YYYY-MM-DDTHH', '2024-01-01t00'],
    ['YYYY.MM.DD', '2024-01-01'],
  ])('by %s takes %s for no date', (format, text) => {
    expect(read(format, text)).toBeNull();
  });

  it('reads back what any format shows of a minute, and nothing with a letter more', () => {
    const pad = (value: number, length: number) => String(value).padStart(length, '0');
    const spelled: Record<string, (date: Date) => string> = {
      YYYY: (date) => pad(date.getUTCFullYear(), 4),
      YY: (date) => pad(date.getUTCFullYear() % 100, 2),
      MMMM: (date) => date.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' }),
      MMM: (date) => date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' }),
      MM: (date) => pad(date.getUTCMonth() + 1, 2),
      M: (date) => String(date.getUTCMonth() + 1),
      DD: (date) => pad(date.getUTCDate(), 2),
      D: (date) => String(date.getUTCDate()),
      'HH:mm': (date) => `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}`,
      'H:m': (date) => `${date.getUTCHours()}:${date.getUTCMinutes()}`,
      'hh:mmA': (date) =>
        `${pad(date.getUTCHours() % 12 || 12, 2)}:${pad(date.getUTCMinutes(), 2)}${date.getUTCHours() < 12 ? 'AM' : 'PM'}`,
      'h:m A': (date) =>
        `${date.getUTCHours() % 12 || 12}:${date.getUTCMinutes()} ${date.getUTCHours() < 12 ? 'am' : 'pm'}`,
    };
    const parts = fc.tuple(
      fc.constantFrom('YYYY', 'YY'),
      fc.constantFrom('MMMM', 'MMM', 'MM', 'M'),
      fc.constantFrom('DD', 'D'),
      fc.constantFrom('HH:mm', 'H:m', 'hh:mmA', 'h:m A'),
    );
    const shuffled = parts.chain((given) => fc.shuffledSubarray(given, { minLength: given.length }));
    const minutes = fc.integer({ min: Date.UTC(1961, 0) / 60_000, max: Date.UTC(2060, 11, 31) / 60_000 });
    fc.assert(
      fc.property(shuffled, fc.constantFrom('/', ' ', '.', '[of]', '$'), minutes, (given, between, minute) => {
        const format = given.join(between);
        const instant = new Date(minute * 60_000);
        const text = given.map((part) => spelled[part]?.(instant)).join(between.replace(/[[\]]/g, ''));
        expect(dateFormatFault(format)).toBeNull();
        expect(compileDateFormat(format)(text)).toEqual(instant);
        expect(compileDateFormat(format)(`${text}0 x`)).toBeNull();
      }),
    );
  });

  it.each([
    ['EPOCH_SECONDS', 1.001, '1970-01-01T00:00:01.001Z'],
    ['EPOCH_SECONDS', '1.0019', '1970-01-01T00:00:01.001Z'],
    ['EPOCH_SECONDS', 1_700_000_000.123, '2023-11-14T22:13:20.123Z'],
    ['EPOCH_SECONDS', -1.5, '1969-12-31T23:59:58.500Z'],
    ['EPOCH_SECONDS', 1e-7, '1970-01-01T00:00:00.000Z'],
    ['EPOCH_MILLISECONDS', '1700000000000.99999999999', '2023-11-14T22:13:20.000Z'],
    ['EPOCH_MILLISECONDS', -0.5, '1970-01-01T00:00:00.000Z'],
    ['EPOCH_SECONDS', 1e21, null],
    ['EPOCH_SECONDS', 253_402_300_800, null],
    ['EPOCH_SECONDS', '1e3', null],
  ])('reads, by %s, %p cut to milliseconds', (format, value, instant) => {
    expect(read(format, value)).toBe(instant);
  });
});

describe('dateFormatFault', () => {
  it.each([
    ['DD/MM', 'it lacks year, month or day'],
    ['YYYY-MM-DD MM', 'it gives the month twice'],
    ['YYYY-MM-M-DD', 'it gives the month twice'],
    ['YYYY-MM-DD HH hh A', 'it gives the hour twice'],
    ['YYYY-MM-DD hh', 'it needs A (AM or PM) with hours to 12, and only with those'],
    ['YYYY-MM-DD HH A', 'it needs A (AM or PM) with hours to 12, and only with those'],
  ])('of %s is that %s', (format, fault) => {
    expect(dateFormatFault(format)).toBe(fault);
  });

  it('names what is no token', () => {
    expect(dateFormatFault('YYYY-MM-DD Q')).toContain('"Q", which is no token');
  });
});
