import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plannedStep } from '../../../../test/support/steps.js';

const substring = (start: number, length?: number) =>
  plannedStep('substring', { column: 't', start, length }, { t: 'x' });

describe('substring', () => {
  it.each<[string | null, number, number | undefined, string | null]>([
    ['Sluice', 0, 3, 'Slu'],
    ['Sluice', 2, undefined, 'uice'],
    ['Sluice', -3, undefined, 'ice'],
    ['Sluice', -3, 2, 'ic'],
    ['Sluice', -10, 2, 'Sl'],
    ['Sluice', 6, undefined, ''],
    ['Sluice', 9, 4, ''],
    ['Sluice', 4, 100, 'ce'],
    ['Sluice', 1, 0, ''],
    ['a😀b😁c', 1, 2, '😀b'],
    ['a😀b😁c', -2, undefined, '😁c'],
    ['😀😁', -1, 1, '😁'],
    ['', 0, 1, ''],
    [null, 0, 1, null],
  ])('of %j from %s, %s long, is %j', (t, start, length, expected) => {
    expect(substring(start, length).of({ t })).toBe(expected);
  });

  it('cuts as an array of the code points is cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '😀', 'é', 'b') });
    fc.assert(
      fc.property(text, fc.integer({ min: -12, max: 12 }), fc.nat({ max: 12 }), (t, start, length) => {
        const points = [...t];
        const from = start < 0 ? Math.max(0, points.length + start) : start;
        expect(substring(start, length).of({ t })).toBe(points.slice(from, from + length).join(''));
      }),
    );
  });

  it('refuses fractions, negative lengths and other types', () => {
    expect(substring(0.5).faults).toEqual(['start is 0.5; give a whole number from -1000000 to 1000000']);
    expect(substring(0, -1).faults).toEqual(['length is -1; give a whole number from 0 to 1000000']);
    expect(plannedStep('substring', { column: 't', start: 0 }, { t: ['x'] }).faults).toEqual([
      'column is "t": the column is TEXT_ARRAY; the step takes TEXT',
    ]);
  });
});
