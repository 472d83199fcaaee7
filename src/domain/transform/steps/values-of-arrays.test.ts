import { describe, expect, it } from '@jest/globals';
import { aggregate, created, ITEMS, item, select } from '../../../../test/support/array-steps.js';
import { type Shaping, shaped } from '../../../../test/support/shaped-records.js';
import type { JsonObject, JsonValue } from '../../json/json-value.js';

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
