import { describe, expect, it } from '@jest/globals';
import { type Shaping, shaped, shapedDesign, shapingFaults } from '../../../../test/support/shaped-records.js';
import { atOnce } from '../../at-once.js';
import { compiledDesign } from '../../design/compiled-design.js';
import type { ColumnPatch } from '../../design/edit-design.js';
import { recordToRows } from '../../load/record-to-rows.js';
import { inferFields } from '../../sample/infer-fields.js';
import { NO_ANSWERS } from '../answers.js';

const SAMPLE = { id: 1, text: 'x', tags: ['x'] };
const flattenTags: Shaping = {
  output: { create: 'tag' },
  step: { kind: 'flatten', settings: { column: 'tags', keepEmpty: true } },
};
const remove = (where: object): Shaping => ({ id: 'remove', step: { kind: 'removeRecord', settings: { where } } });
const upper: Shaping = { output: { create: 'upper' }, step: { kind: 'uppercase', settings: { column: 'text' } } };
const removeColumn = (column: string): Shaping => ({
  id: 'drop',
  step: { kind: 'removeColumn', settings: { column } },
});

describe('removeRecord', () => {
  it.each([
    ['x', 0],
    ['y', 1],
    [null, 1],
  ])('looks at a record with the text %s', (text, rowCount) => {
    const [previewed] = shaped(SAMPLE, [remove({ column: 'text', op: 'EQ', value: 'x' })], [{ id: 1, text, tags: [] }]);
    expect(previewed).toMatchObject({ rowCount, errors: [] });
    expect(previewed?.removed).toHaveLength(1 - rowCount);
    expect(previewed?.steps).toMatchObject([{ rowCount, ...(rowCount === 0 && { values: null }) }]);
  });

  it('looks at each row of a flattened record, and says how many it removes', () => {
    const steps = [flattenTags, remove({ column: 'tag', op: 'IN', values: ['a', 'c'] }), upper];
    const [previewed] = shaped(SAMPLE, steps, [{ id: 1, text: 't', tags: ['a', 'b', 'c', 'd'] }]);
    expect(previewed?.rows.map(({ tag, upper: made }) => [tag, made])).toEqual([
      ['b', 'T'],
      ['d', 'T'],
    ]);
    expect(previewed?.removed).toEqual([
      { transformation: 'remove', name: 'remove', rowCount: 2, reason: 'its condition matches' },
    ]);
  });

  it('runs no step on a removed record', () => {
    const failing: Shaping = { output: { create: 'n' }, step: { kind: 'toNumber', settings: { column: 'text' } } };
    const [previewed] = shaped(SAMPLE, [remove({}), failing], [{ id: 1, text: 'no number', tags: [] }]);
    expect(previewed).toMatchObject({ rows: [], errors: [] });
  });
});

describe('copyRecord', () => {
  const copy = (where?: object): Shaping => ({
    output: { create: 'isCopy' },
    step: { kind: 'copyRecord', settings: where ? { where } : {} },
  });

  it('gives a second row after the first, and says which is the copy', () => {
    const [previewed] = shaped(SAMPLE, [copy()], [{ id: 1, text: 'a', tags: [] }]);
    expect(previewed?.rows.map(({ text, isCopy }) => [text, isCopy])).toEqual([
      ['a', false],
      ['a', true],
    ]);
  });

  it('copies only rows that match, and needs no output', () => {
    const records = ['a', 'b'].map((text) => ({ id: 1, text, tags: [] }));
    const steps = [{ ...copy({ column: 'text', op: 'EQ', value: 'a' }), output: null }];
    expect(shaped(SAMPLE, steps, records).map(({ rowCount }) => rowCount)).toEqual([2, 1]);
  });

  it('gives rows that later steps change one by one', () => {
    const steps: Shaping[] = [
      copy(),
      {
        output: { update: 'text' },
        step: {
          kind: 'ifElse',
          settings: {
            branches: [{ where: { column: 'isCopy', op: 'EQ', value: true }, value: { constant: 'copy' } }],
            else: { column: 'text' },
          },
        },
      },
    ];
    const [previewed] = shaped(SAMPLE, steps, [{ id: 1, text: 'a', tags: [] }]);
    expect(previewed?.rows.map(({ text }) => text)).toEqual(['a', 'copy']);
  });
});

describe('a column that a step for rows creates', () => {
  it.each<[string, Shaping]>([
    ['tag', flattenTags],
    ['isCopy', { output: { create: 'isCopy' }, step: { kind: 'copyRecord', settings: {} } }],
  ])('is not in stored rows if a user disables %s', (id, step) => {
    const design = shapedDesign(SAMPLE, [step], [{ id, enabled: false }]);
    const compiled = compiledDesign({ design, fields: inferFields(SAMPLE) });
    const record = { id: 1, text: 't', tags: ['a', 'b'] };
    const result = atOnce(recordToRows(compiled, record, { savedAt: new Date(0), answers: NO_ANSWERS }));
    const { storedKey } = design.columns.find((column) => column.id === id) ?? {};
    const rows = result.kind === 'ROWS' ? result.rows : [];
    expect(rows).toHaveLength(2);
    expect(rows.map((row) => row[storedKey ?? ''])).toEqual([undefined, undefined]);
  });
});

describe('removeColumn', () => {
  it('removes a column after other steps have read it', () => {
    const [previewed] = shaped(SAMPLE, [upper, removeColumn('text')], [{ id: 1, text: 'a', tags: [] }]);
    expect(previewed?.rows).toEqual([{ id: 1, tags: [], upper: 'A' }]);
    expect(previewed?.steps.map(({ values }) => values)).toEqual([
      { id: 1, text: 'a', tags: [], upper: 'A' },
      { id: 1, tags: [], upper: 'A' },
    ]);
  });

  it('removes a column that a step has created', () => {
    const second: Shaping = { output: { create: 'lower' }, step: { kind: 'lowercase', settings: { column: 'upper' } } };
    const steps = [upper, second, removeColumn('upper')];
    expect(shaped(SAMPLE, steps, [{ id: 1, text: 'aB', tags: [] }])[0]?.rows).toEqual([
      { id: 1, text: 'aB', tags: [], lower: 'ab' },
    ]);
    const design = shapedDesign(SAMPLE, steps);
    expect(design.columns.find(({ id }) => id === 'upper')).toMatchObject({
      enabled: false,
      disabledReason: 'step "drop" removes it',
    });
  });

  it('gives the column back when the step is gone', () => {
    const { columns } = shapedDesign(SAMPLE, [{ ...removeColumn('text'), enabled: false }]);
    expect(columns.find(({ id }) => id === 'text')).toMatchObject({ enabled: true, disabledReason: null });
  });

  it.each<[string, Shaping[], string]>([
    [
      'reading it later',
      [removeColumn('text'), upper],
      'column is "text": step "drop" removes it; move this step before that one',
    ],
    ['an unknown column', [removeColumn('no')], 'column is "no": no column has this id'],
    ['a column twice', [removeColumn('text'), { ...removeColumn('text'), id: 'again' }], 'removes it'],
  ])('refuses %s', (_, steps, fault) => {
    expect(shapingFaults(SAMPLE, steps)).toEqual([expect.stringContaining(fault)]);
  });

  it.each<[string, Omit<ColumnPatch, 'id'>, string]>([
    ['a unique identifier', { uniqueIdentifier: true }, 'the column is a unique identifier, which rows need'],
    ['a security name', { securityName: 's' }, 'the column restricts rows by its security name; clear that first'],
  ])('refuses a column that is or has %s, in the words of the step and of the column', (_, settings, fault) => {
    const faults = shapingFaults(SAMPLE, [removeColumn('id')], [{ id: 'id', ...settings }]);
    expect(faults).toContainEqual(expect.stringContaining(`column is "id": ${fault}`));
    expect(faults).toContainEqual(expect.stringMatching(/of column "id": .*step "drop" removes it/));
  });
});
