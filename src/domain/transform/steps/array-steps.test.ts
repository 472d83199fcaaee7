import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { created, distinct, filter, ITEMS, item, sort, updated } from '../../../../test/support/array-steps.js';
import type { JsonValue } from '../../json/json-value.js';
import type { Step } from '../step-kinds.js';

describe('filterArray', () => {
  it.each<[string, JsonValue, object, unknown]>([
    ['texts', ['a', 'b', 'a', null], { op: 'EQ', value: 'a' }, ['a', 'a']],
    ['texts', ['a', null], { op: 'IS_NULL' }, [null]],
    ['texts', ['a', null, '😀'], { op: 'NE', value: 'a' }, [null, '😀']],
    ['numbers', [1, 2, 3, null], { op: 'BETWEEN', values: [2, 3] }, [2, 3]],
    ['dates', ['2024-02-29', '2023-01-01'], { op: 'GTE', value: '2024-01-01' }, ['2024-02-29T00:00:00.000Z']],
    ['flags', [true, false], { op: 'EQ', value: false }, [false]],
    ['numbers', [], { op: 'GT', value: 1 }, []],
    ['numbers', null, { op: 'GT', value: 1 }, null],
  ])('of %s %j', (column, value, where, expected) => {
    expect(created(filter(column, { column, ...where }), { [column]: value })).toEqual(expected);
  });

  it('of objects takes conditions on columns inside the array', () => {
    expect(updated(filter('items', { column: 'items.price', op: 'GT', value: 1 }), ITEMS)).toEqual([['a', 2]]);
    const either = {
      or: [
        { column: 'items.maker.name', op: 'EQ', value: 'y' },
        { column: 'items.price', op: 'LT', value: 2 },
      ],
    };
    expect(updated(filter('items', either), [...ITEMS, null])).toEqual([
      ['b', null],
      ['c', 1],
    ]);
    expect(updated(filter('items', { column: 'items.sku', op: 'IS_NULL' }), [null, item(null)])).toEqual([
      null,
      [null, null],
    ]);
  });

  it('keeps with a condition and its negation every element once', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer())), fc.integer(), (numbers, bound) => {
        const where = { column: 'numbers', op: 'GT', value: bound };
        const [yes, no] = [where, { not: where }].map(
          (one) => created(filter('numbers', one), { numbers }) as unknown[],
        );
        const sorted = (values: unknown[]) => [...values].map(String).sort();
        expect(sorted([...(yes ?? []), ...(no ?? [])])).toEqual(sorted(numbers));
      }),
      { numRuns: 50 },
    );
  });
});

describe('sortArray', () => {
  it.each<[string, JsonValue, object, unknown]>([
    ['numbers', [10, 9, null, 1.5], {}, [1.5, 9, 10, null]],
    ['numbers', [10, null, 9], { direction: 'DESC' }, [10, 9, null]],
    ['numbers', [10, null, 9], { nulls: 'FIRST' }, [null, 9, 10]],
    ['texts', ['b', 'a', 'B', '😀', '\uffff'], {}, ['B', 'a', 'b', '\uffff', '😀']],
    ['flags', [true, false], {}, [false, true]],
    ['texts', null, {}, null],
  ])('of %s %j', (column, value, by, expected) => {
    expect(created(sort(column, by), { [column]: value })).toEqual(expected);
  });

  it('of objects sorts by columns inside the array, and keeps the order of equal ones', () => {
    expect(updated(sort('items', { column: 'items.price' }), ITEMS)).toEqual([
      ['c', 1],
      ['a', 2],
      ['b', null],
    ]);
    const two: Step = {
      kind: 'sortArray',
      settings: {
        column: 'items',
        orderBy: [
          { column: 'items.maker.name', direction: 'DESC', nulls: 'LAST' },
          { column: 'items.price', direction: 'ASC', nulls: 'LAST' },
        ],
      },
    };
    expect(updated(two, ITEMS)).toEqual([
      ['b', null],
      ['c', 1],
      ['a', 2],
    ]);
    expect(updated(sort('items', { column: 'items.maker.name' }), ITEMS)).toEqual([
      ['a', 2],
      ['c', 1],
      ['b', null],
    ]);
  });

  it('sorted once more changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string())), (texts) => {
        const once = created(sort('texts'), { texts }) as string[];
        expect(created(sort('texts'), { texts: once })).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });
});

describe('distinctArray', () => {
  it.each<[string, JsonValue, unknown]>([
    ['texts', ['a', 'b', 'a', null, null], ['a', 'b', null]],
    ['numbers', [1, 1.0, 2], [1, 2]],
    ['dates', ['2024-01-01', '2024-01-01T00:00:00Z'], ['2024-01-01T00:00:00.000Z']],
    ['texts', null, null],
  ])('of %s %j', (column, value, expected) => {
    expect(created(distinct(column), { [column]: value })).toEqual(expected);
  });

  it('of objects compares whole objects, or columns inside the array', () => {
    const reordered = Object.fromEntries(Object.entries(item('a', 2, 'X')).reverse());
    expect(updated(distinct('items'), [...ITEMS, reordered, null, null])).toEqual([
      ['a', 2],
      ['b', null],
      ['c', 1],
      null,
    ]);
    expect(updated(distinct('items', ['items.maker.name']), ITEMS)).toEqual([
      ['a', 2],
      ['b', null],
    ]);
    const pairs = [
      item('b', 1, 'cd'),
      item('bc', 1, 'd'),
      item('a', 1, 'b:1'),
      item('a', 1, 'b'),
      item('ab', 1),
      item('a', 1, 'b'),
    ];
    expect(updated(distinct('items', ['items.sku', 'items.maker.name']), pairs)).toHaveLength(5);
  });
});
