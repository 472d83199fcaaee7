import fc from 'fast-check';
import type { GivenTransformation } from '../../src/domain/transform/transformation.js';

/** The steps of a load at which a crash may happen, before or after their effect. */
const LANE_STEPS = ['nextGroup', 'recordTransitions', 'commit', 'complete'] as const;
export const STORE_STEPS = [
  'readRows',
  'readSources',
  'scan',
  'scanHidden',
  'scanTombstones',
  'createGeneration',
  'writeRows',
  'refresh',
] as const;
/** Looking values up in another dataset, and recording what was found. */
export const LOOKUP_STEPS = ['find', 'keep'] as const;
export type Step = (typeof LANE_STEPS)[number] | (typeof STORE_STEPS)[number] | (typeof LOOKUP_STEPS)[number];

const items = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.record({ n: fc.nat(9) }), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** Few keys, so that records collide; `w` is sometimes not a number, `v` is sometimes missing, and a key is sometimes null. */
const record = fc.record({
  k: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c') }, { weight: 1, arbitrary: fc.constant(null) }),
  v: fc.oneof({ weight: 9, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.constant('x') }),
  w: fc.oneof({ weight: 5, arbitrary: fc.nat(9).map(String) }, { weight: 1, arbitrary: fc.constant('one') }),
  items,
});
const partial = fc.record(
  { k: fc.constantFrom('a', 'b', 'c'), v: fc.nat(9), w: fc.constant('7'), items },
  { requiredKeys: ['k'] },
);
const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });
/** What may happen to a dataset, in any order. */
export const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('push'), records: few(record) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('upsert'), records: few(partial) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete'), keys: few(fc.constantFrom('a', 'b', 'c', 'z')) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete where'), below: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete all') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('redesign'),
      identified: fc.boolean(),
      numeric: fc.boolean(),
      shaped: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replay') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('terminate'), job: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('load') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('crash'),
      step: fc.constantFrom<Step>(...LANE_STEPS, ...STORE_STEPS, ...LOOKUP_STEPS),
      when: fc.constantFrom('before', 'after'),
      released: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('together'), job: fc.nat(9) }) },
);
export type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;
export type Crash = Extract<Operation, { kind: 'crash' }>;

/** The sample of the model's datasets. */
export const MODEL_SAMPLE = { k: 'a', v: 1, w: '1', items: [{ n: 1 }] };

const STEP = { id: null, enabled: true, output: null, onError: 'REJECT_RECORD', replaceWith: null } as const;

/** What the dataset holds that the model looks up, by `k`. */
export const LABELS: Readonly<Record<string, string>> = { a: 'first', b: 'second' };

/** The steps that look a label up in a dataset, compute a value, remove records, and give a row for each item. */
export const shapingWith = (labels: string): readonly GivenTransformation[] => [
  {
    ...STEP,
    id: 'label',
    name: 'label',
    output: { create: 'label' },
    step: {
      kind: 'lookup',
      settings: { dataset: labels, by: [{ identifier: 'k', column: 'k' }], take: 'label' },
    },
  },
  {
    ...STEP,
    id: 'double',
    name: 'double',
    output: { create: 'double' },
    step: { kind: 'multiply', settings: { operands: [{ column: 'v' }, { constant: 2 }] } },
  },
  {
    ...STEP,
    id: 'remove',
    name: 'remove',
    step: { kind: 'removeRecord', settings: { where: { column: 'v', op: 'GTE', value: 8 } } },
  },
  { ...STEP, id: 'items', name: 'items', step: { kind: 'flatten', settings: { column: 'items', keepEmpty: false } } },
];
