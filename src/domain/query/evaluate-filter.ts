import type { StoredScalar, StoredValue, StoredValues } from '../design/stored-value.js';
import { type GeoPoint, isGeoPoint } from '../geo-point.js';
import { compareScalars } from './compare-rows.js';
import { distanceInMeters, isInBox } from './geo-areas.js';
import type { QueryValue, RecordFilter } from './record-query.js';

/** Whether a row's values satisfy a filter: the reference for the rules of {@link RecordFilter}. */
export function satisfies(values: StoredValues, filter: RecordFilter): boolean {
  return compileFilter(filter)(values);
}

/** Compiles {@link satisfies}, for a filter that many rows are compared with. A list of values costs no more than one value. */
export function compileFilter(filter: RecordFilter): (values: StoredValues) => boolean {
  switch (filter.kind) {
    case 'AND': {
      const parts = filter.filters.map(compileFilter);
      return (values) => parts.every((holds) => holds(values));
    }
    case 'OR': {
      const parts = filter.filters.map(compileFilter);
      return (values) => parts.some((holds) => holds(values));
    }
    case 'NOT': {
      const holds = compileFilter(filter.filter);
      return (values) => !holds(values);
    }
    case 'IS_NULL': {
      const { storedKey } = filter.column;
      return (values) => values[storedKey] === undefined;
    }
    case 'WITHIN_DISTANCE':
    case 'WITHIN_BOX':
      return ({ [filter.column.storedKey]: value }) => isGeoPoint(value) && isWithin(value, filter);
    default: {
      const { storedKey } = filter.column;
      const matches = compileComparison(filter);
      return (values) => matchesAny(values[storedKey], matches);
    }
  }
}

type Within = Extract<RecordFilter, { kind: 'WITHIN_DISTANCE' | 'WITHIN_BOX' }>;
type Comparison = Exclude<RecordFilter, Within | { kind: 'AND' | 'OR' | 'NOT' | 'IS_NULL' }>;

function isWithin(point: GeoPoint, filter: Within): boolean {
  if (filter.kind === 'WITHIN_BOX') return isInBox(point, filter.box);
  return distanceInMeters(point, filter.circle.center) <= filter.circle.meters;
}

function compileComparison(filter: Comparison): (element: QueryValue) => boolean {
  switch (filter.kind) {
    case 'IN': {
      const sought = new Set(filter.values.map(identityOf));
      return (element) => sought.has(identityOf(element));
    }
    case 'COMPARE':
      return (element) => holds(compareScalars(element, filter.value), filter.op);
    case 'BETWEEN': {
      const { from, to, openFrom = false, openTo = false } = filter;
      return (element) =>
        holds(compareScalars(element, from), openFrom ? 'GT' : 'GTE') &&
        holds(compareScalars(element, to), openTo ? 'LT' : 'LTE');
    }
    case 'TEXT_MATCH':
      return (element) => {
        const text = String(element);
        if (filter.op === 'CONTAINS') return text.includes(filter.text);
        return filter.op === 'STARTS_WITH' ? text.startsWith(filter.text) : text.endsWith(filter.text);
      };
  }
}

/** The same for equal values of one type. */
function identityOf(value: QueryValue): string | number {
  return typeof value === 'string' ? value : Number(value);
}

function holds(comparison: number, op: 'GT' | 'GTE' | 'LT' | 'LTE'): boolean {
  if (op === 'GT') return comparison > 0;
  if (op === 'GTE') return comparison >= 0;
  return op === 'LT' ? comparison < 0 : comparison <= 0;
}

/** Compares the value itself, or each non-null element of an array. */
function matchesAny(value: StoredValue | undefined, matches: (element: QueryValue) => boolean): boolean {
  if (value === undefined || isGeoPoint(value)) return false;
  if (!isArray(value)) return matches(value);
  return value.some((element) => element !== null && matches(element));
}

function isArray(value: StoredValue | undefined): value is readonly (StoredScalar | null)[] {
  return Array.isArray(value);
}
