import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultsOf, resultOf } from '../../../../test/support/steps.js';
import type { Step } from '../step-kinds.js';
import { ROUNDING_MODES, type RoundingMode } from './round.js';

const roundOf = (mode: RoundingMode, decimals: number): Step => ({
  kind: 'round',
  settings: { column: 'n', mode, decimals },
});
const rounded = (n: number, mode: RoundingMode, decimals: number) => Number(resultOf(roundOf(mode, decimals), { n }));
const modes = fc.constantFrom(...ROUNDING_MODES);
const decimalCounts = fc.integer({ min: 0, max: 15 });
const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('round', () => {
  it.each<[number, number, number, number, number]>([
    // value, decimals, UP, DOWN, NEAREST
    [1.4, 0, 2, 1, 1],
    [1.5, 0, 2, 1, 2],
    [2.5, 0, 3, 2, 3],
    [-1.4, 0, -2, -1, -1],
    [-2.5, 0, -3, -2, -3],
    [-0.4, 0, -1, 0, 0],
    [1.005, 2, 1.01, 1, 1.01],
    [8.345, 2, 8.35, 8.34, 8.35],
    [1.45, 1, 1.5, 1.4, 1.5],
    [0.1 + 0.2, 15, 0.300000000000001, 0.3, 0.3],
    [1.1, 1, 1.1, 1.1, 1.1],
    [9.99, 1, 10, 9.9, 10],
    [0.05, 1, 0.1, 0, 0.1],
    [0.005, 1, 0.1, 0, 0],
    [1e-20, 2, 0.01, 0, 0],
    [5e-324, 15, 1e-15, 0, 0],
    [9007199254740.992, 2, 9007199254741, 9007199254740.99, 9007199254740.99],
    [2251799813685249.5, 0, 2251799813685250, 2251799813685249, 2251799813685250],
    [0.49999999999999994, 0, 1, 0, 0],
    [123, 2, 123, 123, 123],
    [1e300, 15, 1e300, 1e300, 1e300],
    [0, 0, 0, 0, 0],
    [-0, 0, 0, 0, 0],
  ])('%d to %d decimals', (n, decimals, up, down, nearest) => {
    const results = ROUNDING_MODES.map((mode) => resultOf(roundOf(mode, decimals), { n }));
    expect(results).toEqual([up, down, nearest]);
  });

  it('gives null for null', () => {
    expect(resultOf(roundOf('NEAREST', 2), {})).toBeNull();
  });

  it.each([-1, 16, 1.5])('refuses %d decimals', (decimals) => {
    expect(faultsOf(roundOf('UP', decimals))).toEqual([`decimals is ${decimals}; give a whole number from 0 to 15`]);
  });

  it('refuses a text', () => {
    expect(faultsOf({ kind: 'round', settings: { column: 'text', mode: 'UP', decimals: 0 } })).toEqual([
      'column is "text": the column is TEXT; the step takes NUMERIC',
    ]);
  });

  it('changes nothing when it is done twice, and mirrors negative numbers', () => {
    fc.assert(
      fc.property(doubles, modes, decimalCounts, (n, mode, decimals) => {
        const once = rounded(n, mode, decimals);
        expect(rounded(once, mode, decimals)).toBe(once);
        expect(rounded(-n, mode, decimals)).toBe(0 - once);
      }),
    );
  });

  it('puts the nearest between down and up, at most one unit apart', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 8 }), (n, decimals) => {
        const down = rounded(n, 'DOWN', decimals);
        const nearest = rounded(n, 'NEAREST', decimals);
        const up = rounded(n, 'UP', decimals);
        expect([down <= n, n <= up, nearest === down || nearest === up]).toEqual([true, true, true]);
        expect(up - down).toBeLessThan(1.001 * 10 ** -decimals + 1e-9);
      }),
    );
  });

  it.each(ROUNDING_MODES)('%s rounds as whole numbers of the last decimal do', (mode) => {
    const wholes = {
      UP: (tenths: number) => Math.ceil(tenths / 10),
      DOWN: (tenths: number) => Math.floor(tenths / 10),
    };
    const whole = { ...wholes, NEAREST: (tenths: number) => Math.floor((tenths + 5) / 10) }[mode];
    const counts = fc.oneof(fc.integer({ min: 0, max: 10 ** 12 }), fc.integer({ min: 0, max: 10 ** 6 }));
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 6 }), (tenths, decimals) => {
        const n = Number(`${tenths}e-${decimals}`);
        expect(rounded(n, mode, decimals - 1)).toBe(Number(`${whole(tenths)}e-${decimals - 1}`));
      }),
      { numRuns: 1_000 },
    );
  });
});
