import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Shaping, shaped, shapedDesign, shapingFaults } from '../../../../test/support/shaped-records.js';
import { atOnce } from '../../at-once.js';
import { compiledDesign } from '../../design/compiled-design.js';
import { RecordMismatches } from '../../job/record-mismatches.js';
import type { JsonObject } from '../../json/json-value.js';
import { recordToRows } from '../../load/record-to-rows.js';
import { inferFields } from '../../sample/infer-fields.js';
import { NO_ANSWERS } from '../answers.js';

const ORDER = {
  id: 1,
  tags: ['x'],
  items: [{ sku: 'a', price: 1.5, at: '2024-01-01', maker: { name: 'm' }, parts: [{ no: 1 }] }],
};
const item = (sku: string, rest: JsonObject = {}): JsonObject => ({
  sku,
  price: 1,
  at: null,
  maker: null,
  parts: [],
  ...rest,
});
const order = (items: JsonObject[] | null, tags: string[] = []): JsonObject => ({ id: 7, tags, items });

const flattenItems: Shaping = {
  id: 'items',
  step: { kind: 'flatten', settings: { column: 'items', keepEmpty: true } },
};
const flattenParts: Shaping = {
  id: 'parts',
  step: { kind: 'flatten', settings: { column: 'items.parts', keepEmpty: true } },
};
const flattenTags = (keepEmpty = true): Shaping => ({
  id: 'tags',
  output: { create: 'tag' },
  step: { kind: 'flatten', settings: { column: 'tags', keepEmpty } },
});

/** The rows of one record, with only these columns. */
function rowsOf(steps: Shaping[], record: JsonObject, columns: string[]) {
  const [previewed] = shaped(ORDER, steps, [record]);
  expect(previewed?.errors).toEqual([]);
  return previewed?.rows.map((row) => columns.map((column) => row[column]));
}

describe('flatten', () => {
  it('gives a row for each object, with the columns inside the array', () => {
    const record = order([item('a', { maker: { name: 'M' }, at: '2024-02-29' }), item('b', { price: null })]);
    const columns = ['id', 'items.sku', 'items.price', 'items.at', 'items.maker.name'];
    expect(rowsOf([flattenItems], record, columns)).toEqual([
      [7, 'a', 1, '2024-02-29T00:00:00.000Z', 'M'],
      [7, 'b', null, null, null],
    ]);
  });

  it('gives a row for each element of an array of other values', () => {
    expect(rowsOf([flattenTags()], order([], ['x', 'y', 'x']), ['id', 'tag', 'tags'])).toEqual(
      ['x', 'y', 'x'].map((tag) => [7, tag, ['x', 'y', 'x']]),
    );
  });

  it('multiplies several arrays, and arrays inside arrays, in the order of their elements', () => {
    const items = [item('a', { parts: [{ no: 1 }, { no: 2 }] }), item('b'), item('c', { parts: [{ no: 3 }] })];
    const steps = [flattenItems, flattenParts, flattenTags()];
    expect(rowsOf(steps, order(items, ['x', 'y']), ['items.sku', 'items.parts.no', 'tag'])).toEqual(
      [
        ['a', 1],
        ['a', 2],
        ['b', null],
        ['c', 3],
      ].flatMap((row) => ['x', 'y'].map((tag) => [...row, tag])),
    );
  });

  it.each([
    ['an empty array', []],
    ['null', null],
  ])('keeps a row with %s, or drops it', (_, items) => {
    expect(rowsOf([flattenItems], order(items), ['id', 'items.sku'])).toEqual([[7, null]]);
    const dropping: Shaping = { step: { kind: 'flatten', settings: { column: 'items', keepEmpty: false } } };
    const [previewed] = shaped(ORDER, [dropping], [order(items)]);
    expect(previewed).toMatchObject({ rows: [], rowCount: 0, errors: [] });
    expect(previewed?.removed).toEqual([
      { transformation: 's1', name: 's1', rowCount: 1, reason: 'its array is empty' },
    ]);
  });

  it('gives a null element a row without values', () => {
    const [previewed] = shaped(
      [{ l: [{ a: 1 }, null] }],
      [{ step: { kind: 'flatten', settings: { column: 'l', keepEmpty: true } } }],
      [{ l: [null, { a: 2 }] }],
    );
    expect(previewed?.rows).toEqual([{ 'l.a': null }, { 'l.a': 2 }]);
  });

  it('of two arrays after one another gives the rows of both', () => {
    const elements = fc.array(
      fc.record({ sku: fc.string(), price: fc.integer() }).map(({ sku, price }) => item(sku, { price })),
    );
    fc.assert(
      fc.property(elements, elements, (first, second) => {
        const rows = (items: JsonObject[]) =>
          shaped(
            ORDER,
            [{ step: { kind: 'flatten', settings: { column: 'items', keepEmpty: false } } }],
            [order(items)],
          )[0]?.rows ?? [];
        expect(rows([...first, ...second])).toEqual([...rows(first), ...rows(second)]);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a record that gives more than 10,000 rows', () => {
    const record = (count: number) => order(Array(100).fill(item('a')), Array(count).fill('x'));
    const [fits, exceeds] = shaped(ORDER, [flattenItems, flattenTags()], [record(100), record(101)]);
    expect(fits).toMatchObject({ rowCount: 10_000, errors: [] });
    expect(exceeds).toMatchObject({ rows: [], errors: [{ code: 'TOO_MANY_ROWS', step: 'tags' }] });
    expect(exceeds?.errors[0]?.message).toContain('more than 10000 rows');
  });

  it('names the element whose value does not fit, in a design that changed after the push', () => {
    const design = shapedDesign(ORDER, [flattenItems], [{ id: 'items.sku', type: 'NUMERIC' }]);
    expect(design.columns.find(({ id }) => id === 'items.sku')).toMatchObject({ enabled: true, type: 'NUMERIC' });
    const records = [order([item('1'), item('x')])];
    const [previewed] = shaped(ORDER, [flattenItems], records, [{ id: 'items.sku', type: 'NUMERIC' }]);
    expect(previewed?.errors).toMatchObject([
      { code: 'CONVERSION_FAILED', pointer: '/items/1/sku', column: 'items.sku', step: 'items' },
    ]);
    const ignoring: Shaping = { ...flattenItems, onError: 'IGNORE' };
    const [ignored] = shaped(ORDER, [ignoring], records, [{ id: 'items.sku', type: 'NUMERIC' }]);
    expect(ignored?.rows.map((row) => row['items.sku'])).toEqual([1, null]);
  });

  it('counts what does not fit by the pointer without array indexes, in every array', () => {
    const patches = [{ id: 'items.parts.no', type: 'BOOLEAN' as const }];
    const design = compiledDesign({
      design: shapedDesign(ORDER, [flattenItems, flattenParts], patches),
      fields: inferFields(ORDER),
    });
    const record = order([item('a'), item('b', { parts: [{ no: 1 }, { no: 7 }] })]);
    const result = atOnce(recordToRows(design, record, { savedAt: new Date(0), answers: NO_ANSWERS }));
    const { kinds } = result.kind === 'MISMATCHES' ? result.mismatches : new RecordMismatches();
    expect([...kinds.values()]).toMatchObject([{ pointer: '/items/parts/no', step: 'parts' }]);
  });

  it('enables the columns inside the array, which users can disable, and disables them again without the step', () => {
    const enabled = (steps: Shaping[], patches: { id: string; enabled: boolean }[] = []) =>
      shapedDesign(ORDER, steps, patches)
        .columns.filter((column) => column.enabled)
        .map(({ id }) => id);
    const inside = ['items.sku', 'items.price', 'items.at', 'items.maker.name'];
    expect(enabled([])).toEqual(['id', 'tags']);
    expect(enabled([flattenItems])).toEqual(['id', 'tags', ...inside]);
    expect(enabled([flattenItems, flattenParts])).toEqual(['id', 'tags', ...inside, 'items.parts.no']);
    expect(enabled([flattenItems], [{ id: 'items.sku', enabled: false }])).toEqual(['id', 'tags', ...inside.slice(1)]);
    expect(enabled([{ ...flattenItems, enabled: false }, flattenParts])).toEqual(['id', 'tags']);
  });

  it.each<[string, Shaping[], string]>([
    [
      'a column inside the array before it',
      [{ output: { create: 'x' }, step: { kind: 'uppercase', settings: { column: 'items.sku' } } }, flattenItems],
      'which step "items" flattens later in the list; move that step before this one',
    ],
    [
      'a column inside an array that no step flattens',
      [{ output: { create: 'x' }, step: { kind: 'uppercase', settings: { column: 'items.sku' } } }],
      'it is inside the array of objects "items"; flatten that array',
    ],
    [
      'a formula of a column inside an array that no step flattens',
      [{ output: { create: 'x' }, step: { kind: 'formula', settings: { source: 'items.price * 2' } } }],
      'source, characters 1 to 11, "items.price" is "items.price": it is inside the array of objects "items"; flatten that array',
    ],
    [
      'an inner array before the outer one',
      [flattenParts, flattenItems],
      'column is "items.parts": it is inside the array of objects "items", which step "items" flattens later',
    ],
    ['an array twice', [flattenItems, { ...flattenItems, id: 'again' }], 'a step before this one flattens it'],
    [
      'objects into a column',
      [{ ...flattenItems, output: { create: 'x' } }],
      'the step gives no value; leave the output out',
    ],
    ['other values without a column', [{ ...flattenTags(), output: null }], 'give a column to create'],
    [
      'other values into an existing column',
      [{ ...flattenTags(), output: { update: 'tags' } }],
      'the step can only create a column',
    ],
    [
      'a column that is no array',
      [{ output: { create: 'x' }, step: { kind: 'flatten', settings: { column: 'id', keepEmpty: true } } }],
      'the column is NUMERIC',
    ],
    ['REPLACE_VALUE', [{ ...flattenItems, onError: 'REPLACE_VALUE' }], 'choose REJECT_RECORD or IGNORE'],
  ])('refuses %s', (_, steps, fault) => {
    expect(shapingFaults(ORDER, steps)).toEqual([expect.stringContaining(fault)]);
  });

  it('lets no column inside an array identify records', () => {
    expect(() => shapedDesign(ORDER, [flattenItems], [{ id: 'items.sku', uniqueIdentifier: true }])).toThrow(
      'it is inside an array, so a record has several values of it',
    );
  });

  it('disables the steps that use columns inside an array that a disabled step would flatten', () => {
    const upper: Shaping = {
      id: 'u',
      output: { update: 'items.sku' },
      step: { kind: 'uppercase', settings: { column: 'items.sku' } },
    };
    expect(shapingFaults(ORDER, [{ ...flattenItems, enabled: false }, flattenParts, upper])).toEqual([]);
    expect(rowsOf([{ ...flattenItems, enabled: false }, flattenParts, upper], order([item('a')]), ['id'])).toEqual([
      [7],
    ]);
    expect(rowsOf([flattenItems, upper], order([item('a')]), ['items.sku'])).toEqual([['A']]);
  });
});
