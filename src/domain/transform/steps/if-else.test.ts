import { describe, expect, it } from '@jest/globals';
import { faultsOf, resultOf } from '../../../../test/support/steps.js';
import type { StoredValue } from '../../design/stored-value.js';
import { ExactNumber } from '../../json/json-value.js';
import type { Step } from '../step-kinds.js';
import type { IfElseStep } from './if-else.js';

const choose = (branches: IfElseStep['branches'], other?: IfElseStep['else']): Step => ({
  kind: 'ifElse',
  settings: { branches, ...(other && { else: other }) },
});

const SIZE = choose(
  [
    { where: { column: 'n', op: 'LT', value: 10 }, value: { constant: 'small' } },
    { where: { column: 'n', op: 'BETWEEN', values: [5, 100] }, value: { constant: 'medium' } },
    { where: { column: 'n', op: 'IS_NULL' } },
  ],
  { column: 'text' },
);

describe('ifElse', () => {
  it.each<[Step, Record<string, StoredValue>, unknown]>([
    [SIZE, { n: 9, text: 'x' }, 'small'],
    [SIZE, { n: 10, text: 'x' }, 'medium'],
    [SIZE, { n: 101, text: 'huge' }, 'huge'],
    [SIZE, { n: 101 }, null],
    [SIZE, { text: 'x' }, null],
    [choose([{ where: {}, value: { column: 'texts' } }]), { texts: ['a', null] }, ['a', null]],
    [choose([{ where: { or: [] }, value: { constant: 1 } }]), {}, null],
    [choose([{ where: { column: 'yes', op: 'EQ', value: true }, value: { constant: 1 } }]), { yes: false }, null],
    [choose([{ where: { column: 'yes', op: 'NE', value: true }, value: { constant: 1 } }]), {}, 1],
    [
      choose([{ where: { column: 'text', op: 'CONTAINS', value: 'ß🙂' }, value: { constant: true } }]),
      { text: 'Spaß🙂' },
      true,
    ],
    [
      choose([{ where: { column: 'texts', op: 'EQ', value: 'b' }, value: { column: 'from' } }], { column: 'to' }),
      { texts: ['a', 'b'], from: new Date(1), to: new Date(2) },
      new Date(1),
    ],
    [
      choose([{ where: { column: 'from', op: 'GT', value: '2024-01-01' }, value: { constant: '2024-01-01' } }], {
        column: 'to',
      }),
      { from: new Date('2024-01-02') },
      new Date('2024-01-01'),
    ],
  ])('%j chooses for %j', (step, row, expected) => {
    expect(resultOf(step, row)).toEqual(expected);
  });

  const one = { constant: 1 };
  it.each<[Step, string]>([
    [choose([]), 'branches has 0 entries; give 1 to 50'],
    [choose(Array(51).fill({ where: {} })), 'branches has 51 entries; give 1 to 50'],
    [
      choose([{ where: { not: { column: 'gone', op: 'IS_NULL' } }, value: one }]),
      'branches[0].where names the column "gone": no column has this id',
    ],
    [
      choose([{ where: { and: [{}, { column: 'n', op: 'EQ', value: 'x' }] }, value: one }]),
      'branches[0].where.and[1].value is "x"; give a number',
    ],
    [
      choose([{ where: { column: 'n', op: 'EQ', value: new ExactNumber('9007199254740993') }, value: one }]),
      'branches[0].where.value is 9007199254740993; give a number that needs no rounding',
    ],
    [choose([{ where: { or: Array(500).fill({}) }, value: one }]), 'branches[0].where has more than 500 parts'],
    [
      choose([{ where: {}, value: one }], { constant: 'x' }),
      'else is "x"; the values are NUMERIC: give such a constant',
    ],
    [
      choose([{ where: {}, value: { column: 'n' } }], { column: 'text' }),
      'else is "text": the column is TEXT, and branches[0].value is NUMERIC; give values of one type',
    ],
  ])('%j is refused', (step, fault) => {
    expect(faultsOf(step)).toEqual([expect.stringContaining(fault)]);
  });
});
