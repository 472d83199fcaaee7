import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shapedDesign } from '../../../test/support/shaped-records.js';
import { atOnce } from '../at-once.js';
import { columnsById } from '../design/column-pointer.js';
import { compiledDesign } from '../design/compiled-design.js';
import type { Design } from '../design/design.js';
import { mergeFields } from '../design/design-from-fields.js';
import { type ColumnPatch, type DesignEdit, editDesign } from '../design/edit-design.js';
import { validateDesign } from '../design/validate-design.js';
import { SluiceError } from '../errors.js';
import type { JsonObject } from '../json/json-value.js';
import { stringifyJson } from '../json/stringify-json.js';
import { recordToRows } from '../load/record-to-rows.js';
import { inferFields } from '../sample/infer-fields.js';
import { NO_ANSWERS } from './answers.js';
import { planOf } from './plan-transformations.js';
import type { Step } from './step-kinds.js';
import type { GivenTransformation, StepOutput } from './transformation.js';

/** Samples under the same keys, so that a new sample breaks steps and columns of a design. */
const SAMPLES: readonly JsonObject[] = [
  { id: 'x', tags: ['x', null], items: [{ sku: 'a', n: 1, parts: [{ no: 1 }] }], o: { p: 'x', q: 1 } },
  { id: 1, tags: [1], items: { sku: 'a', n: 1, parts: [{ no: 'x' }] }, o: [{ p: 'x' }] },
  { id: 'x', tags: [[1]], items: [{ sku: null, n: 'x' }], o: 'x' },
];
const RECORDS: readonly JsonObject[] = [
  ...SAMPLES,
  { id: null, tags: [], items: [], o: null },
  {
    id: 'y',
    tags: ['b', 'a', 'b'],
    items: [null, { sku: 'b', n: 2, parts: [{ no: 1 }, null] }, { sku: 'b', n: 'no' }],
  },
];
const IDS = [
  'id',
  'tags',
  'items',
  'items.sku',
  'items.n',
  'items.parts',
  'items.parts.no',
  'o',
  'o.p',
  'made1',
  'made2',
];
const id = fc.constantFrom(...IDS);
const where = fc.record({ column: id, op: fc.constantFrom('IS_NULL' as const, 'IS_NOT_NULL' as const) });
const order = fc.record({
  column: fc.option(id, { nil: undefined }),
  direction: fc.constantFrom('ASC' as const, 'DESC' as const),
  nulls: fc.constantFrom('FIRST' as const, 'LAST' as const),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  ...[0, 1, 2].map(() => settings('flatten', fc.record({ column: id, keepEmpty: fc.boolean() }))),
  settings('filterArray', fc.record({ column: id, where })),
  settings('sortArray', fc.record({ column: id, orderBy: fc.tuple(order) })),
  settings('distinctArray', fc.record({ column: id })),
  settings('selectItem', fc.record({ column: id, item: fc.constant('LAST'), take: fc.option(id, { nil: undefined }) })),
  settings('aggregateArray', fc.record({ column: id, function: fc.constant('COUNT') })),
  settings('toText', fc.record({ column: id })),
  settings('uppercase', fc.record({ column: id })),
  settings('template', fc.record({ template: id.map((one) => `{{${one}}}`), nulls: fc.constant('AS_EMPTY') })),
  settings('removeRecord', fc.record({ where })),
  settings('copyRecord', fc.record({ where })),
  settings('removeColumn', fc.record({ column: id })),
);

function settings(kind: Step['kind'], given: fc.Arbitrary<unknown>): fc.Arbitrary<Step> {
  return given.map((one) => ({ kind, settings: one }) as Step);
}

const UPDATING = ['filterArray', 'sortArray', 'distinctArray'];
const WITHOUT_OUTPUT = ['removeRecord', 'removeColumn'];
const name = fc.constantFrom('made1', 'made2');

/** Mostly an output that the step can have. */
function outputOf({ kind, settings }: Step): fc.Arbitrary<StepOutput | null> {
  const isOfObjects = 'column' in settings && settings.column.startsWith('items');
  if (WITHOUT_OUTPUT.includes(kind) || (kind === 'flatten' && isOfObjects)) return fc.constant(null);
  if (UPDATING.includes(kind) && 'column' in settings) return fc.constant({ update: settings.column });
  const create = name.map((one) => ({ create: one }));
  return fc.oneof({ weight: 4, arbitrary: create }, { weight: 1, arbitrary: id.map((update) => ({ update })) });
}

const transformation: fc.Arbitrary<GivenTransformation> = step.chain((one) =>
  fc.record({
    id: fc.constantFrom('s1', 's2', 's3', 's4', 's5', 's6'),
    name: fc.constant('S'),
    enabled: fc.constantFrom(true, true, false),
    output: outputOf(one),
    onError: fc.constantFrom('IGNORE' as const, 'IGNORE' as const, 'REJECT_RECORD' as const),
    replaceWith: fc.constant(null),
    step: fc.constant(one),
  }),
);
const patch: fc.Arbitrary<ColumnPatch> = fc.record(
  {
    id: fc.oneof({ weight: 1, arbitrary: id }, { weight: 2, arbitrary: name }),
    enabled: fc.boolean(),
    undetermined: fc.constantFrom(true, false, undefined, undefined),
    securityName: fc.constantFrom('s', 't', null),
  },
  { requiredKeys: ['id'] },
);
/** One change of a design: a step more, a step less, a step switched, a changed column, or a new sample. */
const change = fc.oneof(
  { weight: 6, arbitrary: fc.record({ append: transformation }) },
  { weight: 2, arbitrary: fc.record({ drop: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ toggle: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ patch }) },
  { weight: 1, arbitrary: fc.record({ sample: fc.constantFrom(...SAMPLES) }) },
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function editOf({ transformations }: Design, one: Change): DesignEdit {
  if ('append' in one) return { transformations: [...transformations, one.append] };
  if ('drop' in one) return { transformations: transformations.filter((_, index) => index !== one.drop) };
  if ('patch' in one) return { columns: [one.patch] };
  if (!('toggle' in one)) return {};
  return {
    transformations: transformations.map((step, index) =>
      index === one.toggle ? { ...step, enabled: !step.enabled } : step,
    ),
  };
}

/** The design after a change; the same one if the change is refused. */
function changed(design: Design, one: Change): Design {
  if ('sample' in one) return { ...design, ...mergeFields(design, inferFields(one.sample)) };
  const edit = editOf(design, one);
  try {
    const next = editDesign(design, edit);
    expect(droppedSecurityNames(design, next, edit.columns ?? [])).toEqual([]);
    return next;
  } catch (error) {
    if (error instanceof SluiceError) return design;
    throw error;
  }
}

function droppedSecurityNames(before: Design, after: Design, patches: readonly ColumnPatch[]): string[] {
  const left = columnsById(after.columns);
  const dropped = before.columns.filter((column) => column.securityName !== null && !left.get(column.id)?.securityName);
  return dropped.map((column) => column.id).filter((one) => !patches.some((given) => given.id === one));
}

/** What must hold for the rows of a record under a design without faults. */
function checkRows(design: Design, fields: ReturnType<typeof inferFields>, record: JsonObject): void {
  const compiled = compiledDesign({ design, fields });
  const before = stringifyJson(record);
  const context = { savedAt: new Date(0), answers: NO_ANSWERS };
  const rowsOf = () => atOnce(recordToRows(compiled, record, context));
  const [one, other] = [rowsOf(), rowsOf()];
  expect(stringifyJson(record)).toBe(before);
  expect(other.kind).toBe(one.kind);
  if (one.kind !== 'ROWS' || other.kind !== 'ROWS') return;
  expect(other.rows).toEqual(one.rows);
  expect(new Set([...one.rows, ...other.rows]).size).toBe(2 * one.rows.length);
  const stored = new Set(design.columns.filter(({ enabled }) => enabled).map(({ storedKey }) => storedKey));
  const keys = one.rows.flatMap((row) => Object.keys(row).filter((key) => row[key] !== undefined));
  expect(keys.filter((key) => !stored.has(key))).toEqual([]);
}

describe('a design after random edits and samples', () => {
  it('is the same when it is saved and planned again, and makes pure rows of enabled columns alone', () => {
    const changes = fc.array(change, { minLength: 5, maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), changes, (first, list) => {
        let fields = inferFields(first);
        let design: Design = { ...shapedDesign(first, []), missingFields: 'AS_NULL', unknownFields: 'IGNORE' };
        for (const one of list) {
          if ('sample' in one) fields = inferFields(one.sample);
          design = changed(design, one);
          const again = editDesign(design, {});
          expect(again).toEqual({ ...design, revision: again.revision });
          expect(planOf(again).faults).toEqual(planOf(design).faults);
          expect(mergeFields(design, fields).columns).toEqual(design.columns);
        }
        if (validateDesign(design).length > 0) return;
        for (const record of RECORDS) checkRows(design, fields, record);
      }),
      { numRuns: 200 },
    );
  });
});
