import { describe, expect, it } from '@jest/globals';
import { type Shaping, shaped, shapedDesign, shapingFaults } from '../../../test/support/shaped-records.js';
import { within } from '../../../test/support/within.js';
import type { JsonObject } from '../json/json-value.js';
import type { Step } from './step-kinds.js';

/** Linear work takes a fraction of this; work that looks at every column for every column takes a minute, or all memory. */
const LIMIT_MS = 4_000;
const COLUMNS = 4_990;
const STEPS = 100;

const WIDE = { items: [Object.fromEntries(Array.from({ length: COLUMNS }, (_, index) => [`k${index}`, 1]))] };
const inside = (index: number) => `items.k${COLUMNS - 1 - index}`;
const list = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index));
const update = (step: Step, column = 'items'): Shaping => ({ output: { update: column }, step });
const flatten: Shaping = { step: { kind: 'flatten', settings: { column: 'items', keepEmpty: true } } };
const isNull = (index: number) => ({ column: inside(index), op: 'IS_NULL' as const });

/** A hundred steps each, on an array with nearly as many columns as a sample may have. */
const LISTS: readonly [string, readonly Shaping[]][] = [
  [
    'filters',
    list(STEPS, (index) => update({ kind: 'filterArray', settings: { column: 'items', where: isNull(index) } })),
  ],
  [
    'sorts by 10 columns',
    list(STEPS, (index) => {
      const orderBy = list(10, (key) => ({ column: inside(index + key), direction: 'ASC', nulls: 'LAST' }) as const);
      return update({ kind: 'sortArray', settings: { column: 'items', orderBy } });
    }),
  ],
  [
    'comparisons of 20 columns',
    list(STEPS, (index) => {
      const by = list(20, (key) => inside(index + key));
      return update({ kind: 'distinctArray', settings: { column: 'items', by } });
    }),
  ],
  [
    'conditions of 250 parts after a flatten',
    [
      flatten,
      ...list(STEPS, (): Shaping => {
        return { step: { kind: 'removeRecord', settings: { where: { or: list(250, isNull) } } } };
      }),
    ],
  ],
  [
    'removals after a flatten',
    [
      flatten,
      ...list(STEPS, (index): Shaping => ({ step: { kind: 'removeColumn', settings: { column: inside(index) } } })),
    ],
  ],
];

describe('a design with 5,000 columns inside an array', () => {
  it.each(LISTS)('plans 100 %s in time', (_, steps) => {
    within(LIMIT_MS, () => shapedDesign(WIDE, steps));
  });

  it('checks settings of every column in time', () => {
    const patches = list(COLUMNS, (index) => {
      return { id: inside(index), link: { url: `https://h/{{${inside(index)}}}`, title: null } };
    });
    within(LIMIT_MS, () => shapedDesign(WIDE, [flatten], patches));
  });

  it('names the first 100 faults of a step', () => {
    const by = list(200_000, () => 'no');
    const distinct: Step = { kind: 'distinctArray', settings: { column: 'tags', by } };
    const faults = shapingFaults({ tags: ['x'] }, [{ output: { update: 'tags' }, step: distinct }]);
    expect(faults).toHaveLength(100);
    expect(faults[0]).toContain('by has 200000 entries; give 1 to 20');
  });

  it('refuses a condition with half a million parts', () => {
    const where = { and: list(500_000, () => ({})) };
    expect(shapingFaults({ n: 1 }, [{ step: { kind: 'removeRecord', settings: { where } } }])).toEqual([
      'step "s1": where has more than 500 parts',
    ]);
  });
});

const contains = (column: string, value: string) => ({ column, op: 'CONTAINS' as const, value });
const SAMPLE = { tags: ['x'], items: [{ sku: 'a', price: 1 }] };
const LONG = 'x'.repeat(10_000);

/** Arrays that are large for one record. */
const LARGE: readonly [string, Step, JsonObject][] = [
  [
    'filters 10,000 texts by 1,000 others',
    {
      kind: 'filterArray',
      settings: { column: 'tags', where: { column: 'tags', op: 'IN', values: list(1_000, (n) => `no ${n}`) } },
    },
    { tags: list(10_000, (n) => `tag ${n}`), items: [] },
  ],
  [
    'sorts 10,000 texts',
    { kind: 'sortArray', settings: { column: 'tags', orderBy: [{ direction: 'ASC', nulls: 'LAST' }] } },
    { tags: list(10_000, (n) => `tag ${(n * 7_919) % 10_000}`), items: [] },
  ],
  [
    'sorts 600 texts that differ after 10,000 characters',
    { kind: 'sortArray', settings: { column: 'tags', orderBy: [{ direction: 'ASC', nulls: 'LAST' }] } },
    { tags: list(600, (n) => `${LONG}${(n * 7_919) % 600}`), items: [] },
  ],
];

/** Steps that would compare or search too much in one row. */
const TOO_DEAR: readonly [string, Shaping, JsonObject][] = [
  [
    'a condition of many parts on a long text',
    { step: { kind: 'removeRecord', settings: { where: { or: list(100, (n) => contains('text', `no ${n}`)) } } } },
    { ...SAMPLE, text: 'x'.repeat(300_000) },
  ],
  [
    'a condition of many parts on each of many elements',
    update(
      {
        kind: 'filterArray',
        settings: { column: 'tags', where: { or: list(400, (n) => contains('tags', `no ${n}`)) } },
      },
      'tags',
    ),
    { ...SAMPLE, tags: list(9_000, (n) => `tag ${n}`) },
  ],
  [
    'a comparison of many columns of many objects',
    update({ kind: 'distinctArray', settings: { column: 'items', by: list(20, () => 'items.sku') } }),
    { ...SAMPLE, items: list(30_000, (n) => ({ sku: `${n}`, price: n })) },
  ],
  [
    'a sort of very many texts',
    update({ kind: 'sortArray', settings: { column: 'tags', orderBy: [{ direction: 'ASC', nulls: 'LAST' }] } }, 'tags'),
    { ...SAMPLE, tags: list(90_000, (n) => `${n}`) },
  ],
  [
    'a replacement in millions of places',
    update(
      {
        kind: 'replaceText',
        settings: { column: 'text', search: 'x', mode: 'LITERAL', caseSensitive: true, replacement: '' },
      },
      'text',
    ),
    { ...SAMPLE, text: 'x'.repeat(2_100_000) },
  ],
  [
    'a replacement of very many matches',
    update(
      {
        kind: 'replaceText',
        settings: { column: 'text', search: 'X', mode: 'LITERAL', caseSensitive: false, replacement: '' },
      },
      'text',
    ),
    { ...SAMPLE, text: 'x'.repeat(400_000) },
  ],
  [
    'the last of millions of parts',
    update({ kind: 'split', settings: { column: 'text', separator: 'x', part: -1 } }, 'text'),
    { ...SAMPLE, text: 'x'.repeat(2_100_000) },
  ],
];

describe('a step that would compare or search too much', () => {
  it.each(TOO_DEAR)('refuses the record: %s', (_, shaping, record) => {
    const sample = { ...SAMPLE, text: 'x' };
    const whole = { text: 'x', ...record };
    const [made] = within(LIMIT_MS / 4, () => shaped(sample, [shaping], [whole]));
    expect(made?.errors.map(({ message }) => message).join()).toContain('the step compares or searches too much');
  });
});

describe('a record with a large array', () => {
  it.each(LARGE)('%s in time', (_, step, record) => {
    const steps = [{ output: { update: 'tags' }, step }];
    within(LIMIT_MS / 4, () => shaped(SAMPLE, steps, [record]));
  });

  it.each(['items', 'tags'])('makes no row if %s would give too many', (column) => {
    const wide = { ...SAMPLE, ...Object.fromEntries(list(300, (index) => [`k${index}`, 1])) };
    const output = column === 'tags' ? { create: 'tag' } : null;
    const steps: Shaping[] = [{ output, step: { kind: 'flatten', settings: { column, keepEmpty: true } } }];
    const elements = { items: list(400_000, () => null), tags: list(400_000, () => null) };
    const started = process.memoryUsage().heapUsed;
    const [previewed] = shaped(wide, steps, [{ ...wide, ...elements }]);
    expect(previewed?.errors).toMatchObject([{ code: 'TOO_MANY_ROWS' }]);
    // 400,000 rows of 300 values would take a gigabyte.
    expect(process.memoryUsage().heapUsed - started).toBeLessThan(300_000_000);
  });
});

describe('a step that reads an object or an array of objects', () => {
  const toText = (column: string): Shaping => ({
    output: { create: 'text' },
    step: { kind: 'toText', settings: { column } },
  });
  const flattenOf = (column: string): Shaping => ({
    step: { kind: 'flatten', settings: { column, keepEmpty: true } },
  });
  const sku: Shaping = { output: { create: 'upper' }, step: { kind: 'uppercase', settings: { column: 'items.sku' } } };
  const nested = { o: { list: [{ k: 1 }], p: { q: 1 } } };
  const whole = 'which is stored whole as JSON text';
  const noObjects = 'the sample shows no array of objects with keys there';

  it.each<[string, JsonObject, readonly Shaping[], string[], string[]]>([
    [
      'that a user stores whole, and a step that reads a column inside it',
      SAMPLE,
      [flattenOf('items'), sku],
      ['items'],
      [
        'step "s1": column is "items": the column is stored whole as JSON text; set undetermined: false for it',
        `step "s2": column is "items.sku": it is inside items, ${whole}`,
      ],
    ],
    [
      'inside an object that is stored whole',
      nested,
      [flattenOf('o.list'), toText('o.p')],
      ['o'],
      [
        `step "s1": column is "o.list": it is inside "o", ${whole}`,
        `step "s2": column is "o.p": it is inside "o", ${whole}`,
      ],
    ],
    ['of arrays', { a: [[1], [2]] }, [flattenOf('a')], [], [`step "s1": column is "a": ${noObjects}`]],
    ['of all sorts', { a: [{ b: 1 }, 2] }, [toText('a')], [], [`step "s1": column is "a": ${noObjects}`]],
  ])('is a fault for one %s', (_, sample, steps, undetermined, faults) => {
    const columns = undetermined.map((id) => ({ id, undetermined: true }));
    expect(shapingFaults(sample, steps, columns)).toEqual(faults.map((fault) => expect.stringContaining(fault)));
  });
});
