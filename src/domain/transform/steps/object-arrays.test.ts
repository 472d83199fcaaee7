import { describe, expect, it } from '@jest/globals';
import {
  ARRAYS,
  aggregate,
  distinct,
  filter,
  ITEMS,
  item,
  NO_ARRAYS,
  select,
  sort,
} from '../../../../test/support/array-steps.js';
import { type Shaping, shaped, shapingFaults } from '../../../../test/support/shaped-records.js';
import type { JsonObject } from '../../json/json-value.js';

describe('an array of objects', () => {
  it('is flattened after it was filtered and sorted, and errors name the place in the record that was sent', () => {
    const steps: Shaping[] = [
      { output: { update: 'items' }, step: filter('items', { column: 'items.sku', op: 'NE', value: 'b' }) },
      { output: { update: 'items' }, step: sort('items', { column: 'items.price' }) },
      { step: { kind: 'flatten', settings: { column: 'items', keepEmpty: true } } },
    ];
    const of = (items: JsonObject[], patches: { id: string; type: 'NUMERIC' }[] = []) =>
      shaped(ARRAYS, steps, [{ ...NO_ARRAYS, items }], patches)[0];
    expect(of(ITEMS)?.rows.map((row) => row['items.sku'])).toEqual(['c', 'a']);
    const failing = of([item('b', 1), item('c', 2, 'no number')], [{ id: 'items.maker.name', type: 'NUMERIC' }]);
    expect(failing?.errors).toMatchObject([{ pointer: '/items/1/maker/name', code: 'CONVERSION_FAILED', step: 's3' }]);
  });

  it('whose element cannot be read gives an error, which IGNORE and REPLACE_VALUE treat', () => {
    const patches = [{ id: 'items.sku', type: 'NUMERIC' as const }];
    const step = aggregate('items', 'SUM', { take: 'items.sku' });
    const run = (rest: Partial<Shaping>) =>
      shaped(
        ARRAYS,
        [{ output: { create: 'made' }, ...rest, step }],
        [{ ...NO_ARRAYS, items: [item('1'), item('x')] }],
        patches,
      )[0];
    expect(run({})?.errors[0]).toMatchObject({ code: 'TRANSFORMATION_FAILED', step: 's1' });
    expect(run({})?.errors[0]?.message).toContain('/items/1/sku');
    expect(run({ onError: 'IGNORE' })?.rows[0]?.made).toBeNull();
    expect(run({ onError: 'REPLACE_VALUE', replaceWith: -1 })?.rows[0]?.made).toBe(-1);
  });

  it.each<[string, Shaping, string]>([
    [
      'a new column of objects',
      { output: { create: 'x' }, step: distinct('items') },
      'cannot be a new column; update "items"',
    ],
    [
      'objects into another column',
      { output: { update: 'texts' }, step: distinct('items') },
      'the column is TEXT_ARRAY, but the step gives OBJECT_ARRAY',
    ],
    [
      'a value of objects without a column',
      { output: { create: 'x' }, step: select('items') },
      'take is null: give a column inside the array',
    ],
    [
      'an unknown column inside',
      { output: { create: 'x' }, step: select('items', { take: 'items.no' }) },
      'no enabled column inside "items" has this id',
    ],
    [
      'a column outside',
      { output: { create: 'x' }, step: select('items', { take: 'texts' }) },
      'no enabled column inside "items"',
    ],
    [
      'an array inside',
      { output: { create: 'x' }, step: select('items', { take: 'items.tags' }) },
      'the column is TEXT_ARRAY',
    ],
    [
      'a column of other values',
      { output: { create: 'x' }, step: select('texts', { take: 'items.sku' }) },
      '"texts" has no objects: leave it out',
    ],
    [
      'a sum of texts',
      { output: { create: 'x' }, step: aggregate('texts', 'SUM') },
      'function is SUM, which takes numbers, not TEXT',
    ],
    [
      'a separator for a sum',
      { output: { create: 'x' }, step: aggregate('numbers', 'SUM', { separator: ',' }) },
      'it is for JOIN: leave it out',
    ],
    [
      'a condition on another column',
      { output: { create: 'x' }, step: filter('texts', { column: 'numbers', op: 'IS_NULL' }) },
      'where names the column "numbers"',
    ],
    [
      'a condition of another type',
      { output: { update: 'items' }, step: filter('items', { column: 'items.price', op: 'GT', value: 'x' }) },
      'where.value is "x"; give a number',
    ],
    [
      'no order',
      { output: { create: 'x' }, step: { kind: 'sortArray', settings: { column: 'texts', orderBy: [] } } },
      'orderBy has 0 entries; give 1 to 10',
    ],
    ['a column that is no array', { output: { create: 'x' }, step: distinct('none') }, 'no column has this id'],
    [
      'a format for objects',
      { output: { create: 'x' }, step: { kind: 'toText', settings: { column: 'items', format: '0' } } },
      'objects have none: leave it out',
    ],
  ])('refuses %s', (_, shaping, fault) => {
    expect(shapingFaults(ARRAYS, [shaping])).toEqual([expect.stringContaining(fault)]);
  });

  it('cannot go into another array of objects', () => {
    const sample = { a: [{ x: 1 }], b: [{ x: 1 }] };
    expect(shapingFaults(sample, [{ output: { update: 'b' }, step: distinct('a') }])).toEqual([
      'output of step "s1": update is "b": the result is made of "a"; update that column',
    ]);
  });
});
