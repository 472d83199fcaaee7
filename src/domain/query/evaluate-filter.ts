import type { StoredScalar, StoredValue, StoredValues } from '../design/stored-value.js';
import { type GeoPoint, isGeoPoint } from '../geo-point.js';
import { TextSearch } from '../text-search.js';
import { compareScalars } from './compare-rows.js';
import { distanceInMeters, isInBox } from './geo-areas.js';
import type { QueryValue, RecordFilter } from './record-query.js';

/** Whether a row's values satisfy a filter: the reference for the rules of {@link RecordFilter}. */
export function satisfies(values: StoredValues, filter: RecordFilter): boolean {
  return compileFilter(filter)(values);
}

/** The same as {@link satisfies}, in slices: a filter may have hundreds of parts, each of which reads a long text. */
export function* satisfiesInSlices(values: StoredValues, filter: RecordFilter): Generator<void, boolean> {
  switch (filter.kind) {
    case 'AND':
      for (const part of filter.filters) if (!(yield* satisfiesInSlices(values, part))) return false;
      return true;
    case 'OR':
      for (const part of filter.filters) if (yield* satisfiesInSlices(values, part)) return true;
      return false;
    case 'NOT':
      return !(yield* satisfiesInSlices(values, filter.filter));
    default:
      yield;
      return satisfies(values, filter);
  }
}

/** Is told what each comparison costs before it is made: about the characters that it reads. */
interface Work {
  spend(units: number): void;
}

/** Whether a row's values satisfy a filter. */
type Holds = (values: StoredValues, work?: Work) => boolean;

/** What a comparison costs beside the characters that it reads. */
const WORK_OF_COMPARISON = 8;
/** Texts are compared faster than they are searched. */
const COMPARED_AT_ONCE = 16;

/** Compiles {@link satisfies}, for a filter that many rows are compared with. A list of values costs no more than one value. */
export function compileFilter(filter: RecordFilter): Holds {
  switch (filter.kind) {
    case 'AND': {
      const parts = filter.filters.map(compileFilter);
      return (values, work) => parts.every((holds) => holds(values, work));
    }
    case 'OR': {
      const parts = filter.filters.map(compileFilter);
      return (values, work) => parts.some((holds) => holds(values, work));
    }
    case 'NOT': {
      const holds = compileFilter(filter.filter);
      return (values, work) => !holds(values, work);
    }
    case 'IS_NULL': {
      const { storedKey } = filter.column;
      return (values) => values[storedKey] === undefined;
    }
    case 'WITHIN_DISTANCE':
    case 'WITHIN_BOX':
      return ({ [filter.column.storedKey]: value }, work) => {
        work?.spend(WORK_OF_COMPARISON);
        return isGeoPoint(value) && isWithin(value, filter);
      };
    default: {
      const { storedKey } = filter.column;
      const matches = compileComparison(filter);
      const pace = filter.kind === 'TEXT_MATCH' && filter.op === 'CONTAINS' ? 1 : COMPARED_AT_ONCE;
      return (values, work) =>
        matchesAny(values[storedKey], (element) => {
          work?.spend(WORK_OF_COMPARISON + (typeof element === 'string' ? element.length / pace : 0));
          return matches(element);
        });
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
      return compileTextMatch(filter);
  }
}

function compileTextMatch({
  op,
  text,
}: Extract<RecordFilter, { kind: 'TEXT_MATCH' }>): (element: QueryValue) => boolean {
  if (op === 'STARTS_WITH') return (element) => String(element).startsWith(text);
  if (op === 'ENDS_WITH') return (element) => String(element).endsWith(text);
  const search = new TextSearch(text);
  return (element) => search.indexIn(String(element)) !== -1;
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
