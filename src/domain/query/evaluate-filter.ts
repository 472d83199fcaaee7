import type { StoredScalar, StoredValue, StoredValues } from '../design/stored-value.js';
import { compareScalars } from './compare-rows.js';
import type { QueryValue, RecordFilter } from './record-query.js';

/** Whether a row's values satisfy a filter: the reference for the rules of {@link RecordFilter}. */
export function satisfies(values: StoredValues, filter: RecordFilter): boolean {
  switch (filter.kind) {
    case 'AND':
      return filter.filters.every((one) => satisfies(values, one));
    case 'OR':
      return filter.filters.some((one) => satisfies(values, one));
    case 'NOT':
      return !satisfies(values, filter.filter);
    case 'IS_NULL':
      return values[filter.column.storedKey] === undefined;
    default:
      return matchesAny(values[filter.column.storedKey], filter);
  }
}

type Comparison = Exclude<RecordFilter, { kind: 'AND' | 'OR' | 'NOT' | 'IS_NULL' }>;

function matches(element: QueryValue, filter: Comparison): boolean {
  switch (filter.kind) {
    case 'IN':
      return filter.values.some((value) => compareScalars(element, value) === 0);
    case 'COMPARE':
      return holds(compareScalars(element, filter.value), filter.op);
    case 'BETWEEN':
      return compareScalars(element, filter.from) >= 0 && compareScalars(element, filter.to) <= 0;
    case 'TEXT_MATCH': {
      const text = String(element);
      if (filter.op === 'CONTAINS') return text.includes(filter.text);
      return filter.op === 'STARTS_WITH' ? text.startsWith(filter.text) : text.endsWith(filter.text);
    }
  }
}

function holds(comparison: number, op: 'GT' | 'GTE' | 'LT' | 'LTE'): boolean {
  if (op === 'GT') return comparison > 0;
  if (op === 'GTE') return comparison >= 0;
  return op === 'LT' ? comparison < 0 : comparison <= 0;
}

/** Compares the value itself, or each non-null element of an array. */
function matchesAny(value: StoredValue | undefined, filter: Comparison): boolean {
  if (!isArray(value)) return value !== undefined && matches(value, filter);
  return value.some((element) => element !== null && matches(element, filter));
}

function isArray(value: StoredValue | undefined): value is readonly (StoredScalar | null)[] {
  return Array.isArray(value);
}
