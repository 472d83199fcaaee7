import type { Column } from '../design/column.js';
import type { JsonScalar } from '../json/json-value.js';
import type { RecordFilterInput } from './parse-filter.js';
import type { QueryValue, RecordFilter } from './record-query.js';

/**
 * Writes a filter as callers write it: the opposite of `parseFilter`. Callers have no form for a BETWEEN with an open end, so it becomes two comparisons; in an array, the same
 * element must meet both.
 */
export function shownFilter(filter: RecordFilter, columns: readonly Column[]): RecordFilterInput {
  return shown(filter, new Map(columns.map(({ storedKey, id }) => [storedKey, id])));
}

type Ids = ReadonlyMap<string, string>;

function shown(filter: RecordFilter, ids: Ids): RecordFilterInput {
  switch (filter.kind) {
    case 'AND':
      return { and: filter.filters.map((one) => shown(one, ids)) };
    case 'OR':
      return { or: filter.filters.map((one) => shown(one, ids)) };
    case 'NOT':
      return shownNot(filter.filter, ids);
    case 'BETWEEN':
      return shownRange(filter, ids);
    default:
      return { column: ids.get(filter.column.storedKey) ?? null, ...shownTest(filter) };
  }
}

function shownNot(filter: RecordFilter, ids: Ids): RecordFilterInput {
  const inner = shown(filter, ids);
  switch (inner.op) {
    case 'IS_NULL':
      return { ...inner, op: 'IS_NOT_NULL' };
    case 'EQ':
      return { ...inner, op: 'NE' };
    case 'IN':
      return { ...inner, op: 'NOT_IN' };
    default:
      return { not: inner };
  }
}

type Range = Extract<RecordFilter, { readonly kind: 'BETWEEN' }>;

function shownRange({ column, from, to, openFrom, openTo }: Range, ids: Ids): RecordFilterInput {
  const id = ids.get(column.storedKey) ?? null;
  const [least, greatest] = [shownValue(from), shownValue(to)];
  if (!openFrom && !openTo) return { column: id, op: 'BETWEEN', values: [least, greatest] };
  const ends = [
    { column: id, op: openFrom ? 'GT' : 'GTE', value: least },
    { column: id, op: openTo ? 'LT' : 'LTE', value: greatest },
  ] as const;
  return { and: ends };
}

type Test = Exclude<RecordFilter, { readonly kind: 'AND' | 'OR' | 'NOT' | 'BETWEEN' }>;

function shownTest(filter: Test): RecordFilterInput {
  switch (filter.kind) {
    case 'IS_NULL':
      return { op: 'IS_NULL' };
    case 'IN': {
      const values = filter.values.map(shownValue);
      const [only] = values;
      return values.length === 1 && only !== undefined ? { op: 'EQ', value: only } : { op: 'IN', values };
    }
    case 'COMPARE':
      return { op: filter.op, value: shownValue(filter.value) };
    case 'TEXT_MATCH':
      return { op: filter.op, value: filter.text };
    case 'WITHIN_DISTANCE': {
      const { center, meters } = filter.circle;
      return { op: filter.kind, value: { lat: center.lat, lon: center.lon, meters } };
    }
    case 'WITHIN_BOX':
      return { op: filter.kind, value: { ...filter.box } };
  }
}

function shownValue(value: QueryValue): JsonScalar {
  return value instanceof Date ? value.toISOString() : value;
}
