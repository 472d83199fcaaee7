import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultsOf, resultOf } from '../../../../test/support/steps.js';
import type { Step } from '../step-kinds.js';

const of = (kind: 'floor' | 'ceil' | 'absolute' | 'ln'): Step => ({ kind, settings: { column: 'n' } });
const logOf = (base: number): Step => ({ kind: 'log', settings: { column: 'n', base } });
const POWER: Step = { kind: 'power', settings: { base: { column: 'n' }, exponent: { column: 'm' } } };

describe('functions of numbers', () => {
  it.each<[string, Step, number, unknown]>([
    ['floor goes down', of('floor'), 1.9, 1],
    ['floor of a negative number goes down too', of('floor'), -1.1, -2],
    ['ceil goes up', of('ceil'), 1.1, 2],
    ['ceil of a negative number goes up too', of('ceil'), -1.9, -1],
    ['ceil gives no negative zero', of('ceil'), -0.5, 0],
    ['absolute drops the sign', of('absolute'), -2.5, 2.5],
    ['absolute keeps what has none', of('absolute'), 2.5, 2.5],
    ['ln of e', of('ln'), Math.E, 1],
    ['ln of 1', of('ln'), 1, 0],
    ['ln of zero', of('ln'), 0, '0 has no logarithm; give a number above 0'],
    ['ln of a negative number', of('ln'), -2, '-2 has no logarithm; give a number above 0'],
    ['log to base 10', logOf(10), 1000, 3],
    ['log to base 2', logOf(2), 2 ** 29, 29],
    ['log to base 5 is whole where it is whole', logOf(5), 125, 3],
    ['log to a base below 1', logOf(0.5), 8, -3],
    ['log that is not whole', logOf(3), 10, Math.log(10) / Math.log(3)],
    ['log of zero', logOf(3), 0, '0 has no logarithm; give a number above 0'],
  ])('%s', (_what, step, n, result) => {
    expect(resultOf(step, { n })).toBe(result);
  });

  it.each<[number, number, unknown]>([
    [2, 10, 1024],
    [4, 0.5, 2],
    [2, -1, 0.5],
    [-2, 3, -8],
    [0, 0, 1],
    [0, -1, '0 cannot be raised to -1, which divides by zero'],
    [-8, 0.5, '-8 cannot be raised to 0.5; a negative number takes whole exponents'],
  ])('raise %d to %d', (n, m, result) => {
    expect(resultOf(POWER, { n, m })).toBe(result);
  });

  it.each<[string, Step]>([
    ...(['floor', 'ceil', 'absolute', 'ln'] as const).map((kind): [string, Step] => [kind, of(kind)]),
    ['log', logOf(10)],
    ['power', POWER],
  ])('give null for null, and refuse a text: %s', (_kind, step) => {
    expect(resultOf(step, { m: 2 })).toBeNull();
    expect(resultOf(POWER, { n: 2 })).toBeNull();
    const other = JSON.parse(JSON.stringify(step).replaceAll('"n"', '"text"'));
    expect(faultsOf(other)).toEqual([expect.stringContaining('is "text": the column is TEXT; the step takes NUMERIC')]);
  });

  it.each([0, 1, -2, Number.NaN])('refuse a logarithm to base %d', (base) => {
    expect(faultsOf(logOf(base))).toEqual([`base is ${base}; give a number above 0 except 1`]);
  });

  it('take a logarithm back by raising the base to it', () => {
    const numbers = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(numbers, fc.double({ min: 1.5, max: 50, noNaN: true }), (n, base) => {
        const exponent = Number(resultOf(logOf(base), { n }));
        expect(resultOf(POWER, { n: base, m: exponent })).toBeCloseTo(n, -Math.floor(Math.log10(n)) + 9);
      }),
    );
  });
});
