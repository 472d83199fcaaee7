import { describe, expect, it } from '@jest/globals';
import { columnsWith } from '../../../test/support/random-permissions.js';
import type { Column } from '../design/column.js';
import type { StoredValues } from '../design/stored-value.js';
import { SluiceError } from '../errors.js';
import { satisfies } from '../query/evaluate-filter.js';
import { EVERYTHING } from '../query/record-query.js';
import { compilePermissions, rowRestriction } from './compile-permissions.js';
import { readPermissions } from './read-permissions.js';

const OPEN = columnsWith(() => false);

/** The columns of every type, some of them with these security names by id, or with other settings. */
function withNames(names: Readonly<Record<string, string>>, settings: Partial<Column> = {}): Column[] {
  return OPEN.map((column) => {
    const securityName = names[column.id] ?? null;
    return securityName === null ? column : { ...column, securityName, ...settings };
  });
}

/** An entry for dataset `d1`, unless it says otherwise. */
const entry = (record_permissions: readonly object[], more: object = {}) => ({
  dataset_id: 'd1',
  record_permissions,
  ...more,
});
const equal = (security_name: string, ...values: unknown[]) => ({ security_name, values });

function compiled(claim: readonly object[], columns: readonly Column[]) {
  return compilePermissions(readPermissions(claim), 'd1', columns);
}

/** Which of these rows, by their values, a claim permits; or why none. */
function seen(claim: readonly object[], columns: readonly Column[], rows: readonly StoredValues[]) {
  const view = compiled(claim, columns);
  if ('reason' in view) return view.reason;
  return rows.filter((values) => satisfies(values, view.filter ?? EVERYTHING));
}

const TENANT = withNames({ text: 'tenant' });
const TWO = withNames({ text: 'tenant', numeric: 'level' });
const [A1, A2, B1, NOBODY] = [{ c1: 'a', c2: 1 }, { c1: 'a', c2: 2 }, { c1: 'b', c2: 1 }, {}];
const ROWS = [A1, A2, B1, NOBODY];

describe('a dataset without security names', () => {
  it.each<[string, object[]]>([
    ['names nothing', []],
    ['names another dataset', [entry([equal('tenant', 'a')], { dataset_id: 'd2' })]],
    ['names all datasets', [entry([equal('tenant', 'a')], { dataset_id: '*' })]],
  ])('is open to a token that %s', (_what, claim) => {
    expect(compiled(claim, OPEN)).toEqual({ filter: null, columns: OPEN });
  });

  it('is closed to a token that wants to restrict it by a name', () => {
    expect(seen([entry([equal('tenant', 'a')])], OPEN, ROWS)).toContain('"tenant", which the dataset does not have');
  });

  it('is closed if its design has no columns at all: then it is not known what it has', () => {
    expect(seen([], [], ROWS)).toBe('the dataset has no columns');
  });
});

describe('a dataset with security names', () => {
  it.each<[string, object[], StoredValues[] | string]>([
    ['nothing without an entry', [], 'no entry for the dataset has its security name "tenant"'],
    [
      'nothing with an entry for another dataset',
      [entry([equal('tenant', 'a')], { dataset_id: ['d2', 'D1'] })],
      'no entry for the dataset has its security name "tenant"',
    ],
    ['what the value permits', [entry([equal('tenant', 'a')])], [A1, A2]],
    [
      'the same with an entry for several datasets',
      [entry([equal('tenant', 'a')], { dataset_id: ['d0', 'd1'] })],
      [A1, A2],
    ],
    ['the same with an entry for all', [entry([equal('tenant', 'a')], { dataset_id: '*' })], [A1, A2]],
    ['any of several values', [entry([equal('tenant', 'a', 'b')])], [A1, A2, B1]],
    ['every row with the wildcard, also without a value', [entry([equal('tenant', 'x', '*')])], ROWS],
    ['no row of a value in another case', [entry([equal('tenant', 'A')])], []],
    ['what two entries both permit', [entry([equal('tenant', 'a')]), entry([equal('tenant', 'b')])], []],
    [
      'no more rows for another entry, although it lifts the restriction',
      [entry([equal('tenant', 'a')]), entry([equal('tenant', '*')], { dataset_id: '*' })],
      [A1, A2],
    ],
  ])('shows %s', (_what, claim, expected) => {
    expect(seen(claim, TENANT, ROWS)).toEqual(expected);
  });

  it.each<[string, object[], StoredValues[] | string]>([
    [
      'nothing without one of them',
      [entry([equal('tenant', 'a')])],
      'no entry for the dataset has its security name "level"',
    ],
    ['what both permit', [entry([equal('tenant', 'a'), equal('level', 1)])], [A1]],
    ['what either permits', [entry([equal('tenant', 'a'), equal('level', 1)], { operator: 'OR' })], [A1, A2, B1]],
    ['what entries permit that have one each', [entry([equal('tenant', 'a')]), entry([equal('level', 1)])], [A1]],
    [
      'everything with an OR that has a wildcard',
      [entry([equal('tenant', '*'), equal('level', 1)], { operator: 'OR' })],
      ROWS,
    ],
    [
      'what nested groups permit',
      [
        entry(
          [equal('tenant', 'b'), { operator: 'AND', record_permissions: [equal('tenant', 'a'), equal('level', 2)] }],
          { operator: 'OR' },
        ),
      ],
      [A2, B1],
    ],
  ])('and two of them shows %s', (_what, claim, expected) => {
    expect(seen(claim, TWO, ROWS)).toEqual(expected);
  });

  const FOR_ALL = { dataset_id: '*' };
  const STRANGE = equal('of another', 'a');
  it.each<[string, object[], StoredValues[] | string]>([
    ['leaves it out', [entry([equal('tenant', 'a'), STRANGE], FOR_ALL)], [A1, A2]],
    ['leaves out an entry of it', [entry([equal('tenant', 'a')]), entry([STRANGE], FOR_ALL)], [A1, A2]],
    ['finds it false in an OR', [entry([equal('tenant', 'a'), STRANGE], { ...FOR_ALL, operator: 'OR' })], [A1, A2]],
    [
      'finds it false in an AND inside an OR',
      [
        entry([equal('tenant', 'b'), { record_permissions: [equal('tenant', 'a'), STRANGE] }], {
          ...FOR_ALL,
          operator: 'OR',
        }),
      ],
      [B1],
    ],
    [
      'finds a group of it false in an OR',
      [entry([equal('tenant', 'a'), { record_permissions: [STRANGE] }], { ...FOR_ALL, operator: 'OR' })],
      [A1, A2],
    ],
    [
      'shows nothing for an OR that must hold and has only it',
      [entry([equal('tenant', 'a'), { operator: 'OR', record_permissions: [STRANGE] }], FOR_ALL)],
      'no condition is about a security name of the dataset',
    ],
    [
      'shows nothing if the entry names the dataset',
      [entry([equal('tenant', 'a'), STRANGE])],
      'an entry for the dataset has the security name "of another", which the dataset does not have',
    ],
    [
      'still misses its own name',
      [entry([STRANGE], FOR_ALL)],
      'no entry for the dataset has its security name "tenant"',
    ],
  ])('that has not a name of the token %s', (_what, claim, expected) => {
    expect(seen(claim, TENANT, ROWS)).toEqual(expected);
  });

  it.each<[string, Partial<Column>, string]>([
    ['is disabled', { enabled: false }, 'it is not enabled'],
    ['has no values', { enabled: false, disabledReason: 'it is inside x' }, 'it is inside x'],
    ['has points', { type: 'GEO_POINT' }, 'its values are points'],
    ['takes any value', { undetermined: true }, 'it takes values of any type'],
  ])('shows nothing, even with the wildcard, if its column %s', (_what, settings, expected) => {
    const columns = withNames({ text: 'tenant' }, settings);
    const reason = seen([entry([equal('tenant', '*')])], columns, ROWS);
    expect(reason).toContain('the column with the security name "tenant" restricts no rows');
    expect(reason).toContain(expected);
  });

  it('shows nothing if two columns have one name', () => {
    const columns = withNames({ text: 'tenant', numeric: 'tenant' });
    expect(seen([entry([equal('tenant', '*')])], columns, ROWS)).toBe('two columns have the same security name');
  });

  it('shows the enabled columns', () => {
    const columns = TENANT.map((column) => (column.id === 'numeric' ? { ...column, enabled: false } : column));
    const view = compiled([entry([equal('tenant', 'a')])], columns);
    expect('columns' in view && view.columns).toEqual(columns.filter(({ id }) => id !== 'numeric'));
  });

  it('says FORBIDDEN to who sees nothing, and not what the dataset has', () => {
    const restriction = rowRestriction(readPermissions([entry([equal('tenant', 'a')])]), 'd1');
    expect(() => restriction(TWO)).toThrow(
      new SluiceError(
        'FORBIDDEN',
        'the viewer token permits no rows of this dataset; ask its issuer for one that does',
      ),
    );
    expect(restriction(TENANT)).toEqual(compiled([entry([equal('tenant', 'a')])], TENANT));
  });

  it('limits the parts of the filter', () => {
    const texts = (count: number) => Array.from({ length: count }, (_, n) => `x${n}`);
    const claim = (count: number) => [entry([{ ...equal('tenant', ...texts(count)), validation_type: 'CONTAIN' }])];
    expect(compiled(claim(300), TENANT)).toMatchObject({ filter: { kind: 'OR' } });
    expect(compiled(claim(301), TENANT)).toEqual({ reason: 'the conditions have more than 300 parts' });
  });
});
