import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { monthOf, startOfMonth } from './months.js';

const EARLIEST = Date.UTC(-1_000, 0);
const LATEST = Date.UTC(12_000, 0);

function monthByDate(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

describe('the number of a month', () => {
  it('is that of the calendar on every first and last day of a month', () => {
    for (let month = -12_000; month < 120_000; month += 1) {
      const start = startOfMonth(month);
      expect([monthByDate(start), new Date(start).getUTCDate()]).toEqual([month, 1]);
      expect([monthOf(start), monthOf(start - 1)]).toEqual([month, month - 1]);
    }
  });

  it('is that of the calendar at any time', () => {
    fc.assert(fc.property(fc.integer({ min: EARLIEST, max: LATEST }), (time) => monthOf(time) === monthByDate(time)));
  });
});
