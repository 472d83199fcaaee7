import { describe, expect, it } from '@jest/globals';
import type { Column } from '../design/column.js';
import { mergeFields, NO_COLUMNS } from '../design/design-from-fields.js';
import { inferFields } from '../sample/infer-fields.js';
import type { Transformation } from '../transform/transformation.js';
import { answerParts, sizeOfAnswer } from './answer-size.js';
import { type LookupSettings, resolveLookup } from './resolve-lookup.js';
import { changedColumns, lookedUpDatasets, lookupsOf } from './wanted-columns.js';

const { columns: SAMPLED } = mergeFields(NO_COLUMNS, inferFields({ id: 1, area: 'x', name: 'x', old: 'x' }));
const CUSTOMERS = SAMPLED.map((column): Column => {
  if (column.id === 'id' || column.id === 'area') return { ...column, uniqueIdentifier: true };
  return column.id === 'old' ? { ...column, enabled: false } : column;
});
const AREA = { identifier: 'area', column: 'a' };
const ID = { identifier: 'id', column: 'b' };
const settings: LookupSettings = { dataset: 'customers', by: [ID, AREA], take: 'name' };
const pin = (id: string) => {
  const { storedKey, type } = CUSTOMERS.find((one) => one.id === id) ?? {};
  return { id, storedKey, type };
};
const changed = (id: string, change: Partial<Column>) =>
  CUSTOMERS.map((column) => (column.id === id ? { ...column, ...change } : column));

describe('a lookup', () => {
  it('pins the identifiers in their own order, and the column', () => {
    expect(resolveLookup(settings, CUSTOMERS)).toEqual({ identifiers: [pin('area'), pin('id')], take: pin('name') });
  });

  it.each<[string, Partial<LookupSettings>, string]>([
    [
      'names a column that is no identifier',
      { by: [ID, AREA, { identifier: 'name', column: 'c' }] },
      'by[2].identifier is "name", which is not a unique identifier of dataset "customers"; those are "area", "id"',
    ],
    ['names an identifier twice', { by: [ID, ID, AREA] }, 'by[1].identifier is "id", which an earlier entry has too'],
    [
      'lacks an identifier',
      { by: [ID] },
      'by has no entry for "area"; give one for each unique identifier: "area", "id"',
    ],
    [
      'takes an unknown column',
      { take: 'gone' },
      'take is "gone": the applied design of dataset "customers" has no column of this id',
    ],
    ['takes a disabled column', { take: 'old' }, 'take is "old": the column is disabled in dataset "customers"'],
  ])('cannot be saved if it %s', (_, more, fault) => {
    expect(resolveLookup({ ...settings, ...more }, CUSTOMERS)).toEqual({ fault: expect.stringContaining(fault) });
  });

  it('cannot be saved if the dataset has no unique identifier', () => {
    expect(resolveLookup(settings, SAMPLED)).toEqual({
      fault: expect.stringContaining('which has no unique identifier'),
    });
  });
});

describe('what a design looks up', () => {
  const resolved = resolveLookup(settings, CUSTOMERS);
  const of = (id: string, more: Partial<Transformation> = {}): Transformation => ({
    ...{ id, name: id, enabled: true, output: { create: id }, onError: 'IGNORE', replaceWith: null },
    step: { kind: 'lookup', settings: { ...settings, resolved } },
    ...more,
  });
  const now: Transformation['step'] = { kind: 'now', settings: { truncateTo: 'DAY' } };

  it('is each dataset once, with the columns that enabled steps take', () => {
    const area = {
      kind: 'lookup',
      settings: { ...settings, take: 'area', resolved: resolveLookup({ ...settings, take: 'area' }, CUSTOMERS) },
    } as const;
    const lookups = lookupsOf([of('a'), of('b', { step: now }), of('c', { step: area }), of('d')]);
    expect([...(lookups ?? [])].map(([id, { columns }]) => [id, [...columns.values()]])).toEqual([
      ['customers', [pin('name'), pin('area')]],
    ]);
  });

  it('is nothing without enabled lookups', () => {
    const list = [of('a', { enabled: false }), of('b', { step: now })];
    expect(lookupsOf(list)).toBeNull();
    expect(lookedUpDatasets(list)).toEqual(['customers']);
  });

  it.each<[string, readonly Column[], string | undefined]>([
    ['nothing changes', CUSTOMERS, undefined],
    ['a name changes', changed('name', { name: 'other' }), undefined],
    [
      'the column is retyped',
      changed('name', { type: 'NUMERIC' }),
      'column "name" of dataset "customers" was TEXT and is NUMERIC now',
    ],
    [
      'the column is disabled',
      changed('name', { enabled: false }),
      'column "name" of dataset "customers" is disabled now',
    ],
    [
      'the column is gone',
      CUSTOMERS.filter(({ id }) => id !== 'name'),
      'column "name" of dataset "customers" no longer exists',
    ],
    [
      'the column is removed and made again',
      changed('name', { storedKey: 'c9' }),
      'column "name" of dataset "customers" was replaced by a new one',
    ],
    [
      'an identifier is retyped',
      changed('id', { type: 'TEXT' }),
      'the unique identifiers of dataset "customers" are others now',
    ],
    [
      'an identifier is added',
      changed('name', { uniqueIdentifier: true }),
      'the unique identifiers of dataset "customers" are others now',
    ],
  ])('can be read, or not, after %s', (_, columns, fault) => {
    const wanted = lookupsOf([of('a')])?.get('customers');
    if (!wanted) throw new Error('nothing is looked up');
    const faults = changedColumns('customers', wanted, columns);
    expect(faults[pin('name').storedKey ?? '']).toEqual(
      fault === undefined ? undefined : expect.stringContaining(fault),
    );
  });
});

describe('the size of an answer', () => {
  it('is never less than what its JSON text takes', () => {
    const values = { c1: '€'.repeat(100), c2: 1.5, c3: [true, null], c4: new Date(0) };
    for (const answer of [{ values }, { values: null }, { values: {}, faults: { c1: 'é'.repeat(50) } }])
      expect(sizeOfAnswer(answer)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(answer)));
  });

  it('splits answers into parts of at most 8 MB, at least one', () => {
    const large = { values: { c1: 'x'.repeat(1_000_000) } };
    const answers = new Map(['a', 'b', 'c', 'd', 'e'].map((key) => [key, large]));
    const parts = answerParts(answers);
    expect(parts.map((part) => [...part.keys()])).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(answerParts(new Map())).toEqual([new Map()]);
  });
});
