import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDateTime } from '../sample/date-time.js';
import { compileTimeZone, isTimeZone } from './time-zone.js';

const read = (zone: string, text: string) => parseDateTime(text, compileTimeZone(zone))?.toISOString();

/** The local time of a zone at an instant, as if it were UTC. */
function clocksOf(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });
  return (instant) => {
    const [month, day, year, ...time] = format.format(instant).match(/\d+/g)?.map(Number) ?? [];
    return Date.UTC(Number(year), Number(month) - 1, day, ...time);
  };
}

describe('compileTimeZone', () => {
  it.each([
    ['a winter day', 'Europe/Berlin', '2024-01-15T12:00', '2024-01-15T11:00:00.000Z'],
    ['a summer day', 'Europe/Berlin', '2024-07-15T12:00', '2024-07-15T10:00:00.000Z'],
    ['the last minute before a gap', 'Europe/Berlin', '2024-03-31T01:59', '2024-03-31T00:59:00.000Z'],
    ['a time in a gap, an hour on', 'Europe/Berlin', '2024-03-31T02:30', '2024-03-31T01:30:00.000Z'],
    ['the end of a gap', 'Europe/Berlin', '2024-03-31T03:00', '2024-03-31T01:00:00.000Z'],
    ['a time shown twice, the first', 'Europe/Berlin', '2024-10-27T02:30', '2024-10-27T00:30:00.000Z'],
    ['the end of an overlap', 'Europe/Berlin', '2024-10-27T03:00', '2024-10-27T02:00:00.000Z'],
    ['a gap of half an hour', 'Australia/Lord_Howe', '2024-10-06T02:15', '2024-10-05T15:45:00.000Z'],
    ['a day that was skipped', 'Pacific/Apia', '2011-12-30T12:00', '2011-12-30T22:00:00.000Z'],
    ['a midnight that was skipped', 'America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    ['an offset in seconds', 'Africa/Monrovia', '1960-01-01T00:00', '1960-01-01T00:44:30.000Z'],
    ['no change at all', 'Asia/Kolkata', '2024-06-01T00:00', '2024-05-31T18:30:00.000Z'],
    ['a leap second', 'Asia/Tokyo', '2017-01-01T08:59:60', '2017-01-01T00:00:00.000Z'],
    ['a date that brings its offset', 'Asia/Tokyo', '2024-01-01T00:00Z', '2024-01-01T00:00:00.000Z'],
    ['the end of a day', 'America/New_York', '2024-03-10T24:00', '2024-03-11T04:00:00.000Z'],
    ['UTC', 'UTC', '9999-12-31T23:59:59.999', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (_what, zone, text, instant) => {
    expect(read(zone, text)).toBe(instant);
  });

  it('finds the first instant at which the clocks show a time, in every zone', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const instants = fc.integer({ min: Date.UTC(1850, 0), max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
        const clocks = clocksOf(zone);
        const local = clocks(instant);
        const found = compileTimeZone(zone)(local);
        expect([found <= instant, clocks(found)]).toEqual([true, local]);
      }),
      { numRuns: 400 },
    );
  });

  it.each(['Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Casablanca'])(
    'finds it around every change of the clocks of %s in a year',
    (zone) => {
      const [clocks, localToUtc] = [clocksOf(zone), compileTimeZone(zone)];
      const first = new Map<number, number>();
      for (let instant = Date.UTC(2020, 11, 30); instant < Date.UTC(2022, 0); instant += 900_000) {
        const local = clocks(instant);
        if (!first.has(local)) first.set(local, instant);
      }
      const wrong = [...first].filter(([local, instant]) => localToUtc(local) !== instant);
      expect([first.size > 35_000, wrong]).toEqual([true, []]);
    },
  );
});

describe('isTimeZone', () => {
  it.each(['Europe/Berlin', 'europe/berlin', 'UTC', 'EST', 'GB', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'])(
    'takes %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each(['', 'Berlin', 'Europe/Berlin ', '+01:00', '-05', 'IST', 'CST', 'BST', 'Z', 'local', 'Europe/Atlantis'])(
    'refuses %j',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});
