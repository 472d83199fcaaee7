import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plannedStep } from '../../../../test/support/steps.js';

const split = (separator: string, part?: number) => plannedStep('split', { column: 't', separator, part }, { t: 'x' });

describe('split', () => {
  it.each<[string | null, string, string[] | null]>([
    ['a,b,c', ',', ['a', 'b', 'c']],
    ['a,,c,', ',', ['a', '', 'c', '']],
    ['abc', ',', ['abc']],
    ['', ',', ['']],
    ['a.*b', '.*', ['a', 'b']],
    ['a😀b😁c', '😀', ['a', 'b😁c']],
    [null, ',', null],
  ])('makes of %j at %j the array %j', (t, separator, expected) => {
    const step = split(separator);
    expect([step.type, step.of({ t })]).toEqual(['TEXT_ARRAY', expected]);
  });

  it.each<[number, string | null]>([
    [0, 'a'],
    [2, 'c'],
    [3, null],
    [-1, 'c'],
    [-3, 'a'],
    [-4, null],
  ])('takes part %s', (part, expected) => {
    const step = split(', ', part);
    expect([step.type, step.of({ t: 'a, b, c' })]).toEqual(['TEXT', expected]);
    expect(step.of({ t: null })).toBeNull();
  });

  it('gives parts that make the text again, each as the part by its number', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '-', 'b') }), (t) => {
        const parts = split('--').of({ t }) as string[];
        expect(parts.join('--')).toBe(t);
        expect(parts.map((_, index) => split('--', index).of({ t }))).toEqual(parts);
        expect(parts.map((_, index) => split('--', index - parts.length).of({ t }))).toEqual(parts);
      }),
    );
  });

  it('gives 10,000 elements, and an error for more', () => {
    expect(split(',').of({ t: ','.repeat(9_999) })).toHaveLength(10_000);
    expect(split(',').of({ t: ','.repeat(10_000) })).toEqual({
      error: 'the result has more than 10000 elements, which is the most that a step gives',
    });
    expect(split(',', 9_999).of({ t: `${','.repeat(9_999)}x` })).toBe('x');
  });

  it('refuses an empty separator, a part that is no whole number, and other types', () => {
    expect(split('').faults).toEqual(['separator has 0 characters; give 1 to 10000']);
    expect(split(',', 1.5).faults).toEqual(['part is 1.5; give a whole number from -10000 to 9999']);
    expect(plannedStep('split', { column: 't', separator: ',' }, { t: 1 }).faults).toEqual([
      'column is "t": the column is NUMERIC; the step takes TEXT',
    ]);
  });
});
