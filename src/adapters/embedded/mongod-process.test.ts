import { describe, expect, it } from '@jest/globals';
import { cacheGb } from './mongod-process.js';

describe("the size of mongod's cache", () => {
  it.each([
    [1, '0.50'],
    [4, '0.50'],
    [8, '1.00'],
    [12, '1.50'],
    [64, '2.00'],
  ])('with %d GB of memory is %s GB', (gb, size) => {
    expect(cacheGb(gb * 2 ** 30)).toBe(size);
  });

  it('is a number on this machine', () => {
    expect(Number(cacheGb())).toBeGreaterThanOrEqual(0.5);
  });
});
