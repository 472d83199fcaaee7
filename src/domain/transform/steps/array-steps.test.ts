import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Shaping, shaped, shapingFaults } from '../../../../test/support/shaped-records.js';
import type { JsonObject, JsonValue } from '../../json/json-value.js';
import type { Step } from '../step-kinds.js';

const SAMPLE = {
  texts: ['x'],
  numbers: [1.5],
  dates: ['2024-01-01'],
  flags: [true],
  items: [{ sku: 'a', price: 1.5, at: '2024-01-01', maker: { name: 'm' }, tags: ['t'], parts: [{ no: 1 }] }],
};
const EMPTY: JsonObject = { texts: null, numbers: null, dates: null, flags: null, items: null };

/** An item with a price, and a name of its maker. */
function item(sku: string | null, price: JsonValue = null, maker: string | null = null): JsonObject {
  return { sku, price, at: null, maker: maker === null ? null : { name: maker }, tags: null, parts: null };
}

/** What a step creates for a record; the message if the record does not fit. */
function created(step: Step, record: JsonObject): unknown {
  const [previewed] = shaped(SAMPLE, [{ output: { create: 'made' }, step }], [{ ...EMPTY, ...record }]);
  return previewed?.errors[0]?.message ?? previewed?.rows[0]?.made;
}

/** The articles and prices that a step leaves in the array of objects. */
function updated(step: Step, items: (JsonObject | null)[]): unknown {
  const [previewed] = shaped(SAMPLE, [{ output: { update: 'items' }, step }], [{ ...EMPTY, items }]);
  const left = previewed?.steps[0]?.values?.items as (JsonObject | null)[] | undefined;
  return previewed?.errors[0]?.message ?? left?.map((one) => one && [one.sku, one.price]);
}

const ITEMS = [item('a', 2, 'X'), item('b', null, 'y'), item('c', 1, 'X')];
const filter = (column: string, where: object): Step => ({ kind: 'filterArray', settings: { column, where } });
const sort = (column: string, order: object = {}): Step => ({
  kind: 'sortArray',
  settings: { column, orderBy: [{ direction: 'ASC', nulls: 'LAST', ...order }] },
});
const distinct = (column: string, by?: string[]): Step => ({ kind: 'distinctArray', settings: { column, by } });
const select = (column: string, rest: object = {}): Step => ({
  kind: 'selectItem',
  settings: { column, item: 'FIRST', ...rest },
});
const aggregate = (column: string, name: string, rest: object = {}): Step =>
  ({ kind: 'aggregateArray', settings: { column, function: name, ...rest } }) as Step;

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
    const pairs = [item('a', 1, 'b:1'), item('a', 1, 'b'), item('ab', 1), item('a', 1, 'b')];
    expect(updated(distinct('items', ['items.sku', 'items.maker.name']), pairs)).toHaveLength(3);
  });
});

describe('selectItem', () => {
  const byPrice = [{ column: 'items.price', direction: 'DESC', nulls: 'LAST' }];
  it.each<[string, JsonValue, object, unknown]>([
    ['texts', ['b', 'a'], {}, 'b'],
    ['texts', ['b', 'a'], { item: 'LAST' }, 'a'],
    ['texts', ['b', null], { item: 'LAST' }, null],
    ['numbers', [2, 1, null], { orderBy: [{ direction: 'ASC', nulls: 'LAST' }] }, 1],
    ['numbers', [2, 1, null], { orderBy: [{ direction: 'ASC', nulls: 'FIRST' }] }, null],
    ['texts', [], { item: 'LAST' }, null],
    ['texts', null, {}, null],
    ['items', ITEMS, { take: 'items.sku' }, 'a'],
    ['items', ITEMS, { take: 'items.maker.name', item: 'LAST' }, 'X'],
    ['items', ITEMS, { take: 'items.sku', orderBy: byPrice }, 'a'],
    ['items', ITEMS, { take: 'items.sku', orderBy: byPrice, item: 'LAST' }, 'b'],
    ['items', [], { take: 'items.sku', orderBy: byPrice, item: 'LAST' }, null],
  ])('of %s %j with %j', (column, value, rest, expected) => {
    expect(created(select(column, rest), { [column]: value })).toEqual(expected);
  });
});

describe('aggregateArray', () => {
  it.each<[string, JsonValue, string, object, unknown]>([
    ['numbers', [1, 2, null], 'COUNT', {}, 2],
    ['numbers', [1, 2, null], 'SUM', {}, 3],
    ['numbers', [1, 2, null], 'AVG', {}, 1.5],
    ['numbers', [], 'SUM', {}, 0],
    ['numbers', [null], 'AVG', {}, null],
    ['numbers', [1e308, 1e308], 'SUM', {}, 'step "s1": the result is Infinity, which a column cannot store'],
    ['texts', ['b', 'a', '😀'], 'MIN', {}, 'a'],
    ['texts', ['b', 'a', '\uffff', '😀'], 'MAX', {}, '😀'],
    ['dates', ['2024-01-02', '2024-01-01'], 'MIN', {}, '2024-01-01T00:00:00.000Z'],
    ['texts', ['a', null, 'b'], 'JOIN', {}, 'a, b'],
    ['numbers', [1, 2.5], 'JOIN', { separator: '' }, '12.5'],
    ['texts', [], 'JOIN', {}, ''],
    ['texts', null, 'COUNT', {}, null],
    ['items', [...ITEMS, null], 'COUNT', {}, 3],
    ['items', ITEMS, 'COUNT', { take: 'items.price' }, 2],
    ['items', ITEMS, 'SUM', { take: 'items.price' }, 3],
    ['items', ITEMS, 'JOIN', { take: 'items.maker.name', separator: '|' }, 'X|y|X'],
    ['items', null, 'SUM', { take: 'items.price' }, null],
  ])('of %s %j: %s %j', (column, value, name, rest, expected) => {
    expect(created(aggregate(column, name, rest), { [column]: value })).toEqual(expected);
  });

  it('refuses a text that is too long', () => {
    const texts = Array(101).fill('x'.repeat(10_000));
    expect(created(aggregate('texts', 'JOIN', { separator: '' }), { texts })).toContain('more than 1000000 characters');
  });
});

describe('toText of objects', () => {
  it.each<[string, JsonObject, unknown]>([
    ['items', { items: [item('a', 1)] }, '[{"sku":"a","price":1,"at":null,"maker":null,"tags":null,"parts":null}]'],
    ['items', { items: [] }, '[]'],
    ['items', {}, null],
  ])('%s %j', (column, record, expected) => {
    expect(created({ kind: 'toText', settings: { column } }, record)).toEqual(expected);
  });

  it('writes an object, also inside a flattened array', () => {
    const sample = { at: { x: 1, y: 2 }, items: [{ at: { x: 1 } }] };
    const text = (column: string, create: string): Shaping => ({
      output: { create },
      step: { kind: 'toText', settings: { column } },
    });
    const flatten: Shaping = { step: { kind: 'flatten', settings: { column: 'items', keepEmpty: true } } };
    const steps = [text('at', 'outer'), flatten, text('items.at', 'inner')].map((one, index) => ({
      ...one,
      id: `t${index}`,
    }));
    const [previewed] = shaped(sample, steps, [{ at: { x: 3, y: 4 }, items: [{ at: { x: 5 } }, { at: null }] }]);
    expect(previewed?.rows.map(({ outer, inner }) => [outer, inner])).toEqual([
      ['{"x":3,"y":4}', '{"x":5}'],
      ['{"x":3,"y":4}', null],
    ]);
  });
});

describe('an array of objects', () => {
  it('is flattened after it was filtered and sorted, and errors name the place in the record that was sent', () => {
    const steps: Shaping[] = [
      { output: { update: 'items' }, step: filter('items', { column: 'items.sku', op: 'NE', value: 'b' }) },
      { output: { update: 'items' }, step: sort('items', { column: 'items.price' }) },
      { step: { kind: 'flatten', settings: { column: 'items', keepEmpty: true } } },
    ];
    const of = (items: JsonObject[], patches: { id: string; type: 'NUMERIC' }[] = []) =>
      shaped(SAMPLE, steps, [{ ...EMPTY, items }], patches)[0];
    expect(of(ITEMS)?.rows.map((row) => row['items.sku'])).toEqual(['c', 'a']);
    const failing = of([item('b', 1), item('c', 2, 'no number')], [{ id: 'items.maker.name', type: 'NUMERIC' }]);
    expect(failing?.errors).toMatchObject([{ pointer: '/items/1/maker/name', code: 'CONVERSION_FAILED', step: 's3' }]);
  });

  it('whose element cannot be read gives an error, which IGNORE and REPLACE_VALUE treat', () => {
    const patches = [{ id: 'items.sku', type: 'NUMERIC' as const }];
    const step = aggregate('items', 'SUM', { take: 'items.sku' });
    const run = (rest: Partial<Shaping>) =>
      shaped(
        SAMPLE,
        [{ output: { create: 'made' }, ...rest, step }],
        [{ ...EMPTY, items: [item('1'), item('x')] }],
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
      'where',
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
    expect(shapingFaults(SAMPLE, [shaping])).toEqual([expect.stringContaining(fault)]);
  });
});
