import { describe, expect, it } from '@jest/globals';
import { plannedStep } from '../../../../test/support/steps.js';
import type { Operand } from '../step-inputs.js';
import type { NullHandling } from './concatenate.js';

const sample = { a: 'x', b: 'x', n: 1.5, is: true, at: '2024-02-29T12:30:00Z', list: ['x'] };
const AB: readonly Operand<string>[] = [{ column: 'a' }, { column: 'b' }];

function concatenate(values: readonly Operand<string>[], nulls: NullHandling = 'SKIP', separator = ', ') {
  return plannedStep('concatenate', { values, nulls, separator }, sample);
}

describe('concatenate', () => {
  it.each<[NullHandling, string | null, string | null, string | null]>([
    ['SKIP', 'Ada', 'King', 'Ada, King'],
    ['SKIP', null, 'King', 'King'],
    ['SKIP', '', 'King', ', King'],
    ['SKIP', null, null, null],
    ['AS_EMPTY', null, 'King', ', King'],
    ['AS_EMPTY', null, null, ', '],
    ['NULL_RESULT', 'Ada', 'King', 'Ada, King'],
    ['NULL_RESULT', 'Ada', null, null],
  ])('with %s joins %j and %j to %j', (nulls, a, b, expected) => {
    expect(concatenate(AB, nulls).of({ a, b })).toBe(expected);
  });

  it('takes constants, and every scalar in its text form', () => {
    const values = ['n', 'is', 'at', 'a'].map((column) => ({ column }));
    const step = concatenate([{ constant: '>' }, ...values, { constant: '' }], 'SKIP', '|');
    const at = new Date('2024-02-29T12:30:00Z');
    expect(step.of({ n: -1e21, is: false, at, a: '😀' })).toBe('>|-1e+21|false|2024-02-29T12:30:00.000Z|😀|');
    expect(step.of({ n: -0 })).toBe('>|0|');
  });

  it('refuses arrays, operands that are both or neither, and too few and too many of them', () => {
    expect(concatenate([{ column: 'list' }]).faults).toEqual([
      'values[0] is "list": the column is TEXT_ARRAY; the step takes TEXT, NUMERIC, BOOLEAN, DATETIME',
    ]);
    expect(concatenate([{}, { column: 'a', constant: 'x' }]).faults).toEqual([
      'values[0] needs a column or a constant text, one of them',
      'values[1] needs a column or a constant text, one of them',
    ]);
    expect(concatenate([]).faults).toEqual(['values has 0 entries; give 1 to 100']);
    expect(concatenate(Array(101).fill({ constant: '' })).faults).toEqual(['values has 101 entries; give 1 to 100']);
    expect(concatenate([{ constant: 'x'.repeat(10_001) }]).faults).toEqual([
      'values[0].constant has 10001 characters; give 0 to 10000',
    ]);
  });

  it('gives a million characters, and an error for more', () => {
    const half = 'x'.repeat(500_000);
    expect(concatenate(AB, 'SKIP', '').of({ a: half, b: half })).toHaveLength(1_000_000);
    expect(concatenate(AB, 'SKIP', '-').of({ a: half, b: half })).toEqual({
      error: 'the result has more than 1000000 characters, which is the most that a step gives',
    });
  });
});
