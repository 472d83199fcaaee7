import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExactNumber } from '../json/json-value.js';
import { compileDateFormat, dateFormatFault } from './date-format.js';
import { compileTimeZone } from './time-zone.js';

const read = (format: string, value: string | number | ExactNumber) =>
  compileDateFormat(format)(value)?.toISOString() ?? null;

describe('compileDateFormat', () => {
  it.each([
    ['DD/MM/YYYY', '31/12/2024', '2024-12-31T00:00:00.000Z'],
    ['D MMM YY', '1 may 24', '2024-05-01T00:00:00.000Z'],
    ['MMMM D, YYYY [at] h:mm A', 'September 3, 1999 at 12:05 AM', '1999-09-03T00:05:00.000Z'],
    ['YYYY-MM-DDTHH:mm:ss.SSSZ', '2024-02-29T23:59:59.999-02:30', '2024-03-01T02:29:59.999Z'],
    ['YYYYMMDD', '20240102', '2024-01-02T00:00:00.000Z'],
    ['YYYY(MM)DD*', '2024(01)02*', '2024-01-02T00:00:00.000Z'],
    ['M/D/YY h:mm A', '1/2/61 12:00 PM', '1961-01-02T12:00:00.000Z'],
    ['dddd, D MMMM YYYY', 'thursday, 29 February 2024', '2024-02-29T00:00:00.000Z'],
    ['ddd MMM D HH:mm:ss [UTC] YYYY', 'Fri May 31 15:04:05 UTC 2024', '2024-05-31T15:04:05.000Z'],
    ['ddd, DD MMM YYYY HH:mm:ss Z', 'SUN, 31 Dec 0000 23:59:59 z', '0000-12-31T23:59:59.000Z'],
    ['YYYY-MM-DD HH:mm', '2024-02-28 24:00', '2024-02-29T00:00:00.000Z'],
    ['ddd YYYY-MM-DD HH:mm:ss Z', 'Sat 2016-12-31 18:59:60 -05', '2017-01-01T00:00:00.000Z'],
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
    ['YYYY-MM-DD HH:mm', '2024-01-01 24:01'],
    ['ddd YYYY-MM-DD', 'Tue 2024-01-01'],
    ['dddd YYYY-MM-DD', 'Mon 2024-01-01'],
    ['ddd YYYY-MM-DD', 'Mond 2024-01-01'],
    ['YYYY-MM-DD HH:mm:ss', '2024-01-01 22:59:60'],
    ['YYYY-MM-DD HH:mm Z', '2024-01-01 00:00 +24:00'],
    ['YYYY-MM-DDTHH', '2024-01-01t00'],
    ['YYYY.MM.DD', '2024-01-01'],
  ])('does not read, in %s, the text %s', (format, text) => {
    expect(read(format, text)).toBeNull();
  });

  it('reads back every minute in any format, and refuses it with one more character', () => {
    const pad = (value: number, length: number) => String(value).padStart(length, '0');
    const spelled: Record<string, (date: Date) => string> = {
      YYYY: (date) => pad(date.getUTCFullYear(), 4),
      YY: (date) => pad(date.getUTCFullYear() % 100, 2),
      MMMM: (date) => date.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' }),
      MMM: (date) => date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' }),
      MM: (date) => pad(date.getUTCMonth() + 1, 2),
      dddd: (date) => date.toLocaleString('en-US', { weekday: 'long', timeZone: 'UTC' }),
      ddd: (date) => date.toLocaleString('en-US', { weekday: 'short', timeZone: 'UTC' }),
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
      fc.constantFrom('dddd', 'ddd'),
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
    ['EPOCH_MILLISECONDS', -0.5, '1969-12-31T23:59:59.999Z'],
    ['EPOCH_SECONDS', -1e-7, '1969-12-31T23:59:59.999Z'],
    ['EPOCH_SECONDS', '-0.000', '1970-01-01T00:00:00.000Z'],
    ['EPOCH_SECONDS', '-62167219200.0001', null],
    ['EPOCH_SECONDS', 1e21, null],
    ['EPOCH_SECONDS', 253_402_300_800, null],
    ['EPOCH_SECONDS', '1e3', null],
    ['EPOCH_SECONDS', new ExactNumber('0.00000012345678901234567890'), '1970-01-01T00:00:00.000Z'],
    ['EPOCH_SECONDS', new ExactNumber('1.7e+9000'), null],
    ['EPOCH_MICROSECONDS', 1_700_000_000_123_999, '2023-11-14T22:13:20.123Z'],
    ['EPOCH_MICROSECONDS', '-1500.9', '1969-12-31T23:59:59.998Z'],
    ['EPOCH_MICROSECONDS', '-1000.0', '1969-12-31T23:59:59.999Z'],
    ['EPOCH_MICROSECONDS', 999, '1970-01-01T00:00:00.000Z'],
    ['EPOCH_NANOSECONDS', new ExactNumber('1700000000123999999'), '2023-11-14T22:13:20.123Z'],
    ['EPOCH_NANOSECONDS', '1700000000123999999', '2023-11-14T22:13:20.123Z'],
    ['EPOCH_NANOSECONDS', new ExactNumber('253402300799999999999'), '9999-12-31T23:59:59.999Z'],
    ['EPOCH_NANOSECONDS', new ExactNumber('253402300800000000000'), null],
    ['EPOCH_NANOSECONDS', -1, '1969-12-31T23:59:59.999Z'],
  ])('reads, by %s, %p cut to milliseconds', (format, value, instant) => {
    expect(read(format, value)).toBe(instant);
  });
});

describe('compileDateFormat of RFC_2822', () => {
  it.each([
    ['Tue, 1 Jul 2003 10:52:37 +0200', '2003-07-01T08:52:37.000Z'],
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['1 jul 2003 10:52 -0330', '2003-07-01T14:22:00.000Z'],
    ['  Fri,  21 Nov 97\r\n 09:55:06 -0600 (CST; "a comment") ', '1997-11-21T15:55:06.000Z'],
    ['21 Nov 49 09:55 EST', '2049-11-21T14:55:00.000Z'],
    ['21 Nov 99 09:55 Z', '1999-11-21T09:55:00.000Z'],
    ['21 Nov 103 09:55 UT', '2003-11-21T09:55:00.000Z'],
    ['Sat, 31 Dec 2016 23:59:60 +0000', '2017-01-01T00:00:00.000Z'],
  ])('reads %j', (text, instant) => {
    expect(read('RFC_2822', text)).toBe(instant);
  });

  it.each([
    'Wed, 1 Jul 2003 10:52:37 +0200',
    'Tue 1 Jul 2003 10:52:37 +0200',
    'Tue, 1 Jul 2003 10:52:37',
    'Tue, 1 Jul 2003 10:52:37 CET',
    'Tue, 1 Jul 2003 10:52:37 +02:00',
    'Tue, 1 July 2003 10:52:37 +0200',
    'Tue, 31 Jun 2003 10:52:37 +0200',
    'Tue, 1 Jul 2003 10:52:37 +0200 (a) (b)',
    'Tue, 1 Jul 2003 10:52:61 +0200',
    '',
  ])('refuses %j', (text) => {
    expect(read('RFC_2822', text)).toBeNull();
  });

  it('reads back the output of toUTCString', () => {
    const dates = fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    const cut = (date: Date) => date.toISOString().replace(/\.\d{3}/, '.000');
    fc.assert(fc.property(dates, (date) => expect(read('RFC_2822', date.toUTCString())).toBe(cut(date))));
  });
});

describe('compileDateFormat with a time zone', () => {
  it('reads local time, but uses the offset of a date that has one', () => {
    const localToUtc = compileTimeZone('America/New_York');
    const local = compileDateFormat('MM/DD/YYYY h:mm A', localToUtc);
    expect(local('07/04/2024 9:30 AM')).toEqual(new Date('2024-07-04T13:30:00Z'));
    expect(local('01/04/2024 9:30 AM')).toEqual(new Date('2024-01-04T14:30:00Z'));
    const withOffset = compileDateFormat('YYYY-MM-DD HH:mm Z', localToUtc);
    expect(withOffset('2024-07-04 09:30 +02')).toEqual(new Date('2024-07-04T07:30:00Z'));
  });
});

describe('dateFormatFault', () => {
  it.each([
    ['DD/MM', 'it lacks year, month or day'],
    ['YYYY-MM-DD MM', 'it gives the month twice'],
    ['YYYY-MM-M-DD', 'it gives the month twice'],
    ['YYYY-MM-DD HH hh A', 'it gives the hour twice'],
    ['ddd dddd YYYY-MM-DD', 'it gives the weekday twice'],
    ['dddd MMMM YYYY', 'it lacks year, month or day'],
    ['YYYY-MM-DD hh', 'it needs A (AM or PM) with hours to 12, and only with those'],
    ['YYYY-MM-DD HH A', 'it needs A (AM or PM) with hours to 12, and only with those'],
  ])('of %s says that %s', (format, fault) => {
    expect(dateFormatFault(format)).toBe(fault);
  });

  it('names the part that is not a token', () => {
    expect(dateFormatFault('YYYY-MM-DD Q')).toContain('"Q", which is not a token');
    expect(dateFormatFault('RFC2822')).toContain('can also be RFC_2822, EPOCH_SECONDS, EPOCH_MILLISECONDS');
  });
});
