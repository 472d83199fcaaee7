import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plannedStep } from '../../../../test/support/steps.js';

const sample = { t: 'x', n: 1 };

describe('lowercase and uppercase', () => {
  it.each([
    ['Ada', 'ada', 'ADA'],
    ['', '', ''],
    ['ÄÖ ß', 'äö ß', 'ÄÖ SS'],
    ['I', 'i', 'I'],
    ['ΟΔΟΣ', 'οδος', 'ΟΔΟΣ'],
    ['𐐀𐐨', '𐐨𐐨', '𐐀𐐀'],
    ['ŉ', 'ŉ', 'ʼN'],
    [null, null, null],
  ])('change %j to %j and %j', (t, lower, upper) => {
    expect(plannedStep('lowercase', { column: 't' }, sample).of({ t })).toBe(lower);
    expect(plannedStep('uppercase', { column: 't' }, sample).of({ t })).toBe(upper);
  });

  it('change nothing when they are done twice', () => {
    for (const kind of ['lowercase', 'uppercase'] as const) {
      const step = plannedStep(kind, { column: 't' }, sample);
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme' }), (t) => {
          const once = step.of({ t }) as string;
          expect(step.of({ t: once })).toBe(once);
        }),
      );
    }
  });

  it('refuse a column that is no text, and one that is not there', () => {
    expect(plannedStep('lowercase', { column: 'n' }, sample).faults).toEqual([
      'column is "n": the column is NUMERIC; the step takes TEXT',
    ]);
    expect(plannedStep('uppercase', { column: 'x' }, sample).faults).toEqual(['column is "x": no column has this id']);
  });
});
