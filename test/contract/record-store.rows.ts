import fc from 'fast-check';
import type { StoredValues } from '../../src/domain/design/stored-value.js';
import { type GeoPoint, geoPoint } from '../../src/domain/geo-point.js';
import type { QueryValue, RecordFilter, RecordOrder, StoredColumn } from '../../src/domain/query/record-query.js';
import type { HiddenRecord, Row, Tombstone } from '../../src/ports/row-writes.js';

/** The columns of the suite: one of every type that rows can have. */
export const TEXT: StoredColumn = { storedKey: 'c1', type: 'TEXT' };
export const NUMERIC: StoredColumn = { storedKey: 'c2', type: 'NUMERIC' };
export const BOOLEAN: StoredColumn = { storedKey: 'c3', type: 'BOOLEAN' };
export const DATETIME: StoredColumn = { storedKey: 'c4', type: 'DATETIME' };
export const TEXTS: StoredColumn = { storedKey: 'c5', type: 'TEXT_ARRAY' };
export const NUMBERS: StoredColumn = { storedKey: 'c6', type: 'NUMERIC_ARRAY' };
export const BOOLEANS: StoredColumn = { storedKey: 'c7', type: 'BOOLEAN_ARRAY' };
export const DATETIMES: StoredColumn = { storedKey: 'c8', type: 'DATETIME_ARRAY' };
export const POINT: StoredColumn = { storedKey: 'c9', type: 'GEO_POINT' };
const COMPARED = [TEXT, NUMERIC, BOOLEAN, DATETIME, TEXTS, NUMBERS, BOOLEANS, DATETIMES];
export const COLUMNS = [...COMPARED, POINT];

const SAVED_AT = new Date('2026-01-02T03:04:05.678Z');

export function row(id: string, values: StoredValues, version = 1): Row {
  return { id, recordId: id, ordinal: 0, rowCount: 1, version, savedAt: SAVED_AT, values };
}

export function hidden(id: string, version: number, source?: string): HiddenRecord {
  const record = { id, recordId: id, version, savedAt: SAVED_AT, hidden: true as const };
  return source === undefined ? record : { ...record, source };
}

export function tombstone(id: string, version: number): Tombstone {
  return { id, version, deleted: true };
}

/** Above and around 1,000 bytes, the limit of Elasticsearch for the end of a range of texts, and for a prefix. */
const LONG_TEXTS = [889, 890, 891, 899, 900, 901, 5_000].flatMap((length) => {
  const text = 'b'.repeat(length);
  return [text, `${text.slice(0, -1)}a`, `${text.slice(0, -1)}é`, `${text}\u0000`, `${text}b`];
});
/** With few characters and more bytes. */
const WIDE_TEXTS = ['é'.repeat(501), '語'.repeat(334), '😀'.repeat(251), '語'.repeat(1_000)].flatMap((text) => [
  text,
  `${text}x`,
]);

/** Few values for each column, so that filters match and orders have ties. */
const SOME: Record<string, readonly QueryValue[]> = {
  TEXT: ['', 'a', 'A', 'ab', 'b.c', 'é', '～', '😀', 'a\nb', '$x', 'a\u0000', ...LONG_TEXTS, ...WIDE_TEXTS],
  NUMERIC: [-1.5, -1, 0, 1, 1.5, 9007199254740992, 1e300],
  BOOLEAN: [true, false],
  DATETIME: ['0001-01-01', '1969-12-31', '2024-01-01', '9999-12-31'].map((day) => new Date(`${day}T00:00:00Z`)),
};

function someOf(column: StoredColumn): fc.Arbitrary<QueryValue> {
  return fc.constantFrom(...(SOME[column.type.replace('_ARRAY', '')] ?? []));
}

/** At poles, at the 180th meridian, on whole degrees and elsewhere. */
const SOME_POINTS: readonly GeoPoint[] = [
  geoPoint(90, 0),
  geoPoint(-90, 0),
  geoPoint(0, 180),
  geoPoint(0, 0),
  geoPoint(10, 10),
  geoPoint(10, 11),
  geoPoint(-45, -179.999),
  geoPoint(89.99, 100),
  geoPoint(35.0116, 135.7681),
  geoPoint(34.6937, 135.5023),
];

function storedOf(column: StoredColumn): fc.Arbitrary<unknown> {
  if (column.type === 'GEO_POINT') return fc.constantFrom(...SOME_POINTS);
  const value = someOf(column);
  return column.type.endsWith('_ARRAY') ? fc.array(fc.option(value), { maxLength: 3 }) : value;
}

/** Rows of random values, some of them missing. */
export const someRows: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record(Object.fromEntries(COLUMNS.map((column) => [column.storedKey, storedOf(column)])), { requiredKeys: [] }),
    { maxLength: 25 },
  )
  .map((all) => all.map((values, index) => row(`r${index}`, values as StoredValues)));

/** A condition on one of these columns. `sought`: texts for a TEXT_MATCH; `matches`: how much more frequent a TEXT_MATCH is than another condition. */
export function conditionOn(
  columns: readonly StoredColumn[],
  valuesOf: (column: StoredColumn) => fc.Arbitrary<QueryValue>,
  sought: (value: fc.Arbitrary<QueryValue>) => fc.Arbitrary<string>,
  matches = 1,
): fc.Arbitrary<RecordFilter> {
  return fc.constantFrom(...columns).chain((column) => {
    const value = valuesOf(column);
    const conditions: fc.Arbitrary<RecordFilter>[] = [
      fc.constant({ kind: 'IS_NULL', column }),
      fc.array(value, { maxLength: 3 }).map((values) => ({ kind: 'IN', column, values })),
      fc.record({
        kind: fc.constant('COMPARE'),
        column: fc.constant(column),
        op: fc.constantFrom('GT', 'GTE', 'LT', 'LTE'),
        value,
      }),
      fc.record(
        {
          kind: fc.constant('BETWEEN'),
          column: fc.constant(column),
          from: value,
          to: value,
          openFrom: fc.constant(true as const),
          openTo: fc.constant(true as const),
        },
        { requiredKeys: ['kind', 'column', 'from', 'to'] },
      ),
    ];
    const match: fc.Arbitrary<RecordFilter> = fc.record({
      kind: fc.constant('TEXT_MATCH'),
      column: fc.constant(column),
      op: fc.constantFrom('CONTAINS' as const, 'STARTS_WITH' as const, 'ENDS_WITH' as const),
      text: sought(value),
    });
    return fc.oneof(...conditions, ...(column.type.startsWith('TEXT') ? Array<typeof match>(matches).fill(match) : []));
  });
}

/** Filters made of such conditions. */
export function filterOf(condition: fc.Arbitrary<RecordFilter>): fc.Arbitrary<RecordFilter> {
  return fc.letrec<{ filter: RecordFilter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3 },
      condition,
      fc.record({ kind: fc.constantFrom('AND', 'OR'), filters: fc.array(tie('filter'), { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('NOT'), filter: tie('filter') }),
    ),
  })).filter;
}

/** As long as the text of a filter may be. */
const beginningOf = (value: fc.Arbitrary<QueryValue>) => value.map((one) => String(one).slice(0, 1_000));

/** On columns of points: null, circles around the same points, and boxes with them at corners. */
const pointCondition: fc.Arbitrary<RecordFilter> = fc
  .tuple(fc.constantFrom(...SOME_POINTS), fc.constantFrom(...SOME_POINTS), fc.constantFrom(0, 100, 50_000, 1e7))
  .chain(([one, other, meters]) => {
    const column = POINT;
    const [north, south] = [Math.max(one.lat, other.lat), Math.min(one.lat, other.lat)];
    return fc.constantFrom<RecordFilter>(
      { kind: 'IS_NULL', column },
      { kind: 'WITHIN_DISTANCE', column, circle: { center: one, meters } },
      { kind: 'WITHIN_BOX', column, box: { north, south, east: one.lon, west: other.lon } },
    );
  });

export const someFilter = filterOf(
  fc.oneof(
    { arbitrary: conditionOn(COMPARED, someOf, beginningOf), weight: 8 },
    { arbitrary: pointCondition, weight: 1 },
  ),
);

export const someOrder: fc.Arbitrary<RecordOrder[]> = fc.uniqueArray(
  fc.record({ column: fc.constantFrom(TEXT, NUMERIC, BOOLEAN, DATETIME), direction: fc.constantFrom('ASC', 'DESC') }),
  { selector: ({ column }) => column.storedKey, maxLength: 3 },
);
