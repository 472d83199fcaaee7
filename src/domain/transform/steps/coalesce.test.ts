import { describe, expect, it } from '@jest/globals';
import { faultsOf, resultOf } from '../../../../test/support/steps.js';
import type { StoredValue } from '../../design/stored-value.js';
import type { ValueOperand } from '../same-type.js';
import type { Step } from '../step-kinds.js';

const coalesce = (...values: ValueOperand[]): Step => ({ kind: 'coalesce', settings: { values } });

describe('coalesce', () => {
  it.each<[ValueOperand[], Record<string, StoredValue>, unknown]>([
    [[{ column: 'n' }, { column: 'm' }], { n: 0, m: 1 }, 0],
    [[{ column: 'n' }, { column: 'm' }, { constant: -1 }], { m: 1 }, 1],
    [[{ column: 'n' }, { constant: -1 }], {}, -1],
    [[{ column: 'n' }, { column: 'm' }], {}, null],
    [[{ column: 'text' }, { constant: 'none 🙂' }], { text: '' }, ''],
    [[{ column: 'text' }, { constant: 'none 🙂' }], {}, 'none 🙂'],
    [[{ column: 'yes' }, { constant: false }], {}, false],
    [[{ column: 'from' }, { constant: '2024-01-01T01:00+01:00' }], {}, new Date('2024-01-01T00:00:00Z')],
    [[{ constant: 'x' }, { column: 'text' }], { text: 'y' }, 'x'],
    [[{ column: 'texts' }, { constant: [] }], {}, []],
    [[{ column: 'texts' }, { constant: [] }], { texts: ['a', null] }, ['a', null]],
  ])('%j gives the first value that is not null of %j', (values, row, expected) => {
    expect(resultOf(coalesce(...values), row)).toEqual(expected);
  });

  it.each<[ValueOperand[], string]>([
    [[{ column: 'n' }], 'values has 1 entries; give 2 to 20'],
    [Array(21).fill({ column: 'n' }), 'values has 21 entries; give 2 to 20'],
    [[{ column: 'n' }, { column: 'text' }], 'values[1] is "text": the column is TEXT, and values[0] is NUMERIC'],
    [[{ column: 'n' }, { constant: 'x' }], 'values[1] is "x"; the values are NUMERIC: give such a constant'],
    [[{ constant: 1 }, { constant: true }], 'values[1] is true; the values are NUMERIC: give such a constant'],
    [[{ column: 'from' }, { constant: 'soon' }], 'values[1] is "soon"; the values are DATETIME'],
    [[{ column: 'text' }, { constant: '\ud800' }], 'values[1] is "\\ud800"; the values are TEXT'],
    [[{ column: 'gone' }, { constant: 1 }], 'values[0] is "gone": no column has this id'],
  ])('%j is refused', (values, fault) => {
    expect(faultsOf(coalesce(...values))).toEqual([expect.stringContaining(fault)]);
  });
});
