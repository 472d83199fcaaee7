import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateTimeFault, isInferredDateTime, parseDateTime } from './date-time.js';

describe('parseDateTime', () => {
  it('reads the most common spelling as it reads others', () => {
    const of = (text: string) => [parseDateTime(text)?.getTime(), parseDateTime(text.replace('.', ','))?.getTime()];
    const [min, max] = [new Date('0000-01-01T00:00:00.000Z'), new Date('9999-12-31T23:59:59.999Z')];
    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate: true }), (date) => {
        expect(of(date.toISOString())).toEqual([date.getTime(), date.getTime()]);
      }),
    );
    for (const text of ['2026-02-29', '2024-02-29', '2026-02-31', '2026-13-01', '2026-00-01', '2026-01-00']) {
      const [one, other] = of(`${text}T05:06:07.123Z`);
      expect(one).toBe(other);
    }
    for (const time of ['24:00:00.000', '24:00:00.001', '23:60:00.000', '23:59:60.500', '25:00:00.000']) {
      const [one, other] = of(`2026-03-01T${time}Z`);
      expect(one).toBe(other);
    }
  });

  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-01-02T03:04', '2024-01-02T03:04:00.000Z'],
    ['2024-01-02 03:04:05', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02T03:04:05.6', '2024-01-02T03:04:05.600Z'],
    ['2024-01-02T03:04:05.123999999Z', '2024-01-02T03:04:05.123Z'],
    ['2024-01-02T03:04:05+02:00', '2024-01-02T01:04:05.000Z'],
    ['2024-01-02T03:04:05-0330', '2024-01-02T06:34:05.000Z'],
    ['2024-01-02T23:04:05-05', '2024-01-03T04:04:05.000Z'],
    ['0000-01-01', '0000-01-01T00:00:00.000Z'],
    ['0099-12-31', '0099-12-31T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s, which also makes the field of a sample DATETIME', (text, iso) => {
    expect(parseDateTime(text)?.toISOString()).toBe(iso);
    expect(isInferredDateTime(text)).toBe(true);
  });

  it.each([
    ['20240229', '2024-02-29T00:00:00.000Z'],
    ['20240102T0304', '2024-01-02T03:04:00.000Z'],
    ['20240102T030405Z', '2024-01-02T03:04:05.000Z'],
    ['20240102T030405,678901+0200', '2024-01-02T01:04:05.678Z'],
    ['20240102T03:04:05', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02t03:04:05z', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02T03:04:05,6', '2024-01-02T03:04:05.600Z'],
    ['2024-02-28T24:00', '2024-02-29T00:00:00.000Z'],
    ['2024-02-28T24:00:00.000+01:00', '2024-02-28T23:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60.999Z', '2017-01-01T00:00:00.000Z'],
    ['2017-01-01T05:29:60+05:30', '2017-01-01T00:00:00.000Z'],
    ['20161231T235960', '2017-01-01T00:00:00.000Z'],
  ])('reads %s, which does not make the field of a sample DATETIME', (text, iso) => {
    expect(parseDateTime(text)?.toISOString()).toBe(iso);
    expect(dateTimeFault(text)).toBeNull();
    expect(isInferredDateTime(text)).toBe(false);
  });

  it.each([
    '2023-02-29',
    '2024-13-01',
    '2024-00-01',
    '2024-01-32',
    '2024-01-01T24:01',
    '2024-01-01T24:00:00.0001',
    '2024-01-01T25:00',
    '2024-01-01T10:60',
    '2024-01-01T10:00:60',
    '2024-01-01T10',
    '2024-1-1',
    '202401',
    '2024-0101',
    '2024-01-01T10:0000',
    '20240101T10:00.5',
    '2024-W01-1',
    '2024-001',
    '9999-12-31T24:00',
    '2024-01-01Z',
    '2024-01-01T10:00+25:00',
    '0000-01-01T00:00+01:00',
    '9999-12-31T23:00-01:00',
    ' 2024-01-01',
    '2024-01-01\n',
    '',
  ])('refuses %j', (text) => {
    expect(parseDateTime(text)).toBeNull();
    expect(isInferredDateTime(text)).toBe(false);
  });

  it.each([
    ['2024-W01-1', 'is not spelled'],
    ['2023-02-29', 'has a day that the calendar does not have'],
    ['20240101T235961', 'has a time that no clock shows'],
    ['2024-01-01T22:59:60Z', 'has a time that no clock shows'],
    ['2024-01-01T00:00+24:00', 'has an offset from UTC beyond 23:59'],
    ['9999-12-31T23:00-01:00', 'is outside the years 0000 to 9999 in UTC'],
  ])('says of %s that it %s', (text, fault) => {
    expect(dateTimeFault(text)).toContain(fault);
  });

  it('reads extended and basic format the same way, with any case, decimal sign and offset', () => {
    const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9998-12-31'), noInvalidDate: true });
    const change = fc.subarray([
      (text: string) => text.replace(/^(\d{4})-(\d\d)-/, '$1$2'),
      (text: string) => text.replace(/T(\d\d):(\d\d):/, 'T$1$2'),
      (text: string) => text.replace('T', 't'),
      (text: string) => text.replace('.', ','),
      (text: string) => text.replace(/Z$/, 'z'),
      (text: string) => text.replace(/z$/i, '-0000'),
    ]);
    fc.assert(
      fc.property(dates, change, (date, changes) => {
        const text = changes.reduce((changed, next) => next(changed), date.toISOString());
        expect(parseDateTime(text)).toEqual(date);
      }),
    );
  });

  it('reads what Date.toISOString writes', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(dates, (date) => expect(parseDateTime(date.toISOString())).toEqual(date)));
  });
});
