import fc from 'fast-check';
import { type Column, UNSET } from '../../src/domain/design/column.js';
import type { StoredValues } from '../../src/domain/design/stored-value.js';
import type { QueryValue, StoredColumn } from '../../src/domain/query/record-query.js';
import { COLUMN_TYPES } from '../../src/domain/sample/source-field.js';
import { PERIODS, VALIDATION_TYPES } from '../../src/domain/security/permissions.js';
import type { Claim, ClaimCondition, ClaimEntry, ClaimGroup } from './naive-permissions.js';

/** The dataset of these claims. */
export const DATASET = 'd1';

const TYPES = COLUMN_TYPES.filter((type) => !/OBJECT|GEO/.test(type));

/** A design with a column of every type: of a random few, without security names; the others have one. */
export function columnsWith(isSecured: (index: number) => boolean): Column[] {
  return TYPES.map((type, index) => ({
    ...UNSET,
    id: type.toLowerCase(),
    name: type.toLowerCase(),
    key: type.toLowerCase(),
    storedKey: `c${index + 1}`,
    type,
    sourceType: type,
    undetermined: false,
    parent: null,
    depth: 0,
    origin: 'SAMPLE',
    optional: true,
    disabledReason: null,
    securityName: isSecured(index) ? `by ${type}` : null,
  }));
}

export const someColumns: fc.Arbitrary<Column[]> = fc
  .array(fc.boolean(), { minLength: TYPES.length, maxLength: TYPES.length })
  .map((secured) => columnsWith((index) => secured[index] ?? false));

/** Few, and alike: so that conditions match some rows, and not others. */
const TEXTS = ['a', 'A', 'ab', 'ba', 'b.c', 'é', '～', '😀', 'a\nb', '*x', 'a\u0000', 'b'.repeat(900)];
const NUMBERS = [-1.5, -1, 0, 1, 1.5, 2 ** 53];
/** The beginnings of periods, and instants inside them. */
const BEGINNINGS = ['1969-12-29', '2024-01-01', '2024-02-01', '2024-04-01', '2024-04-29', '2024-02-29'];
const INSTANTS = ['2024-02-29T23:59:59.999Z', '2024-04-29T13:14:15Z', '2024-04-29T13:14:15.016Z'];
const DATES = [...BEGINNINGS, ...INSTANTS];

function storedOf({ type }: Column): fc.Arbitrary<unknown> {
  const one = {
    TEXT: fc.constantFrom('', ...TEXTS),
    NUMERIC: fc.constantFrom(...NUMBERS),
    BOOLEAN: fc.boolean(),
    DATETIME: fc.constantFrom(...DATES).map((text) => new Date(text)),
  }[type.replace('_ARRAY', '') as 'TEXT'] as fc.Arbitrary<unknown>;
  return type.endsWith('_ARRAY') ? fc.array(fc.option(one, { freq: 3 }), { maxLength: 3 }) : one;
}

/** The values of a row, of which some are missing. */
export const someValues: fc.Arbitrary<StoredValues> = fc.record(
  Object.fromEntries(columnsWith(() => false).map((column) => [column.storedKey, storedOf(column)])),
  { requiredKeys: [] },
) as fc.Arbitrary<StoredValues>;

/** Values of queries on a column. */
export function queryValueFor({ type }: StoredColumn): fc.Arbitrary<QueryValue> {
  const scalar = type.replace('_ARRAY', '');
  if (scalar === 'DATETIME') return fc.constantFrom(...DATES).map((text) => new Date(text));
  return valueFor({ type }, undefined).map((value) =>
    scalar === 'TEXT' ? String(value) : value,
  ) as fc.Arbitrary<QueryValue>;
}

/** Values of conditions on a column; dates are beginnings of the period. */
function valueFor({ type }: Pick<Column, 'type'>, period: string | undefined): fc.Arbitrary<unknown> {
  switch (type.replace('_ARRAY', '')) {
    case 'TEXT':
      return fc.constantFrom<unknown>('', ...TEXTS, 1, true);
    case 'NUMERIC':
      return fc.constantFrom(...NUMBERS);
    case 'BOOLEAN':
      return fc.boolean();
    default:
      return fc.constantFrom(...DATES.map((text) => beginningOf(new Date(text), period ?? 'DAY')));
  }
}

function beginningOf(date: Date, period: string): string {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const monday = day - ((date.getUTCDay() + 6) % 7);
  const days: Record<string, number> = {
    DAY: Date.UTC(year, month, day),
    WEEK: Date.UTC(year, month, monday),
    MONTH: Date.UTC(year, month),
    QUARTER: Date.UTC(year, month - (month % 3)),
    YEAR: Date.UTC(year, 0),
  };
  if (days[period] !== undefined) return new Date(days[period]).toISOString().slice(0, 10);
  const digits = { HOUR: 13, MINUTE: 16, SECOND: 19 }[period] ?? 23;
  const rest = { HOUR: ':00:00Z', MINUTE: ':00Z' }[period] ?? 'Z';
  return `${date.toISOString().slice(0, digits)}${rest}`;
}

/** The ends of a range in which a value can be. */
function rangeFor(column: Column, period: string | undefined): fc.Arbitrary<object> {
  const value = valueFor(column, period);
  const side = (open: string, closed: string) => fc.tuple(fc.constantFrom(open, closed), value);
  const oneEnd = fc.oneof(side('gt', 'gte'), side('lt', 'lte')).map(([end, one]) => ({ [end]: one }));
  const both = fc.tuple(value, value, fc.boolean(), fc.boolean()).map(([one, other, openFrom, openTo]) => {
    const [from, to] = inOrder(one, other) ? [one, other] : [other, one];
    const same = inOrder(from, to) && inOrder(to, from);
    // Between a period and the next, both without themselves, there is nothing.
    const isOpenTo = openTo && !(openFrom && column.type.startsWith('DATETIME'));
    return { [openFrom && !same ? 'gt' : 'gte']: from, [isOpenTo && !same ? 'lt' : 'lte']: to };
  });
  return fc.oneof(oneEnd, both);
}

/** Texts by their UTF-8 bytes, which are in the order of code points; dates as texts, which are all of one form in a condition. */
function inOrder(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number') return one <= other;
  if (typeof one === 'boolean' && typeof other === 'boolean') return Number(one) <= Number(other);
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other))) <= 0;
}

function conditionOn(column: Column, name: string): fc.Arbitrary<ClaimCondition> {
  const scalar = column.type.replace('_ARRAY', '');
  const fitting = VALIDATION_TYPES.filter((type) => {
    if (type === 'DATE') return scalar === 'DATETIME';
    return scalar === 'TEXT' || !/CONTAIN|START_WITH|END_WITH/.test(type);
  });
  const periods =
    scalar === 'DATETIME' ? fc.option(fc.constantFrom(...PERIODS), { nil: undefined }) : fc.constant(undefined);
  return fc.tuple(fc.constantFrom(...fitting), periods).chain(([type, given]) => {
    const period = /DATE|EMPTY/.test(type) ? undefined : given;
    const values = valuesOf(type, column, period);
    return values.map((list) => ({
      security_name: name,
      validation_type: type,
      ...(list.length > 0 && { values: list }),
      ...(period !== undefined && { group_value: period }),
    }));
  });
}

function valuesOf(type: string, column: Column, period: string | undefined): fc.Arbitrary<unknown[]> {
  const value = valueFor(column, period);
  if (type.endsWith('EMPTY')) return fc.constant([]);
  if (type.endsWith('RANGE')) return fc.array(rangeFor(column, period), { minLength: 1, maxLength: 2 });
  if (type === 'BETWEEN')
    return fc.tuple(value, value).map(([one, other]) => (inOrder(one, other) ? [one, other] : [other, one]));
  if (/^(GREATER|LESS)_/.test(type)) return value.map((one) => [one]);
  if (/CONTAIN|START_WITH|END_WITH/.test(type))
    return fc.array(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 3 });
  const some = fc.array(value, { minLength: 1, maxLength: 3 });
  const wildcard = some.map((list) => [...list, '*']);
  return type === 'EQUAL' ? fc.oneof({ weight: 9, arbitrary: some }, { weight: 1, arbitrary: wildcard }) : some;
}

/** An operator, mostly with all its members of this list, some of them in groups. */
function groupOf(members: readonly fc.Arbitrary<ClaimCondition>[]): fc.Arbitrary<ClaimGroup> {
  const operator = fc.constantFrom('AND' as const, 'OR' as const, undefined);
  const grouped = fc.tuple(...members).chain((conditions) =>
    fc.tuple(operator, fc.nat({ max: conditions.length }), fc.boolean(), operator).map(([outer, at, nests, inner]) => {
      const [front, back] = [conditions.slice(0, at), conditions.slice(at)];
      const isNested = nests && front.length > 0 && back.length > 0;
      const nested = { ...(inner && { operator: inner }), record_permissions: back };
      return {
        ...(outer && { operator: outer }),
        record_permissions: isNested ? [...front, nested] : conditions,
      };
    }),
  );
  return grouped as fc.Arbitrary<ClaimGroup>;
}

/** One entry with some of the security names of the columns, each with a column's type. */
function entryFor(columns: readonly Column[], names: fc.Arbitrary<readonly Column[]>): fc.Arbitrary<ClaimEntry> {
  const unknown = columnsWith(() => true).filter(
    ({ storedKey }) => !columns.some((one) => one.storedKey === storedKey),
  );
  const stranger = fc.constantFrom(...(unknown.length > 0 ? unknown : columnsWith(() => true)));
  return fc.tuple(names, fc.boolean(), stranger).chain(([of, isForAll, other]) => {
    const known = of.map((column) => conditionOn(column, column.securityName ?? ''));
    const strange = conditionOn(other, 'of another dataset');
    const members = isForAll ? [...known, strange] : known;
    const ids = isForAll ? fc.constant('*') : fc.constantFrom(DATASET, [DATASET, 'd2']);
    return fc
      .tuple(ids, groupOf(members.length > 0 ? members : [strange]))
      .map(([dataset_id, group]) => ({ ...group, dataset_id }));
  });
}

/**
 * Claims for a dataset with these columns: most with every security name of it, in one entry or two, with nested groups, names that the dataset does not have, and entries for other
 * datasets. All their conditions fit the columns.
 */
export function claimFor(columns: readonly Column[]): fc.Arbitrary<Claim> {
  const secured = columns.filter(({ securityName }) => securityName !== null);
  const all = fc.shuffledSubarray(secured, { minLength: secured.length });
  const some = fc.shuffledSubarray(secured);
  const forOthers: fc.Arbitrary<ClaimEntry> = fc.constant({
    dataset_id: 'd2',
    record_permissions: [{ security_name: 'x', values: ['x'] }],
  });
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(entryFor(secured, all)) },
    { weight: 2, arbitrary: fc.tuple(entryFor(secured, all), entryFor(secured, some), forOthers) },
    { weight: 1, arbitrary: fc.tuple(entryFor(secured, some)) },
    { weight: 1, arbitrary: fc.tuple(forOthers) },
  );
}
