import type { Column } from '../design/column.js';
import { scalarOf } from '../design/conversions.js';
import { compareScalars } from '../query/compare-rows.js';
import { queryValueOf } from '../query/query-value.js';
import { EVERYTHING, type QueryValue, type RecordFilter, type StoredColumn } from '../query/record-query.js';
import { EARLIEST } from '../sample/date-time.js';
import { periodFrom } from './date-period.js';
import type { Period, PermissionRange, PermissionTest, PermissionValue } from './permissions.js';

/** Why a condition does not fit its column. For managers: a viewer is not told. */
export class UnfitCondition extends Error {
  override readonly name = 'UnfitCondition';
}

/**
 * Turns what a condition asks of a column into a filter. Rules:
 * - An array matches if any of its elements that are not null does.
 * - A row without a value, and an array without an element, matches IS_EMPTY and the wildcard, and nothing else: not even a type that begins with NOT_.
 * Throws {@link UnfitCondition} for values and types that do not fit the column.
 */
export function filterOfTest(test: PermissionTest, { type, storedKey }: Column): RecordFilter {
  const column: StoredColumn = { storedKey, type };
  switch (test.kind) {
    case 'ANYTHING':
      return EVERYTHING;
    case 'EMPTY':
      return test.type === 'IS_EMPTY' ? { kind: 'NOT', filter: hasContent(column) } : hasContent(column);
    case 'VALUES': {
      if (test.type === 'DATE' && scalarOf(type) !== 'DATETIME') throw unfit('DATE is for dates', column);
      const spans = test.values.map((value) => spanOf(value, column, test.period));
      return unless(test.type === 'NOT_EQUAL', inSpans(spans, column), column);
    }
    case 'RANGES': {
      const ranges = test.ranges.map((range) => filterOfRange(range, column, test.period));
      return unless(test.type === 'NOT_RANGE', anyOf(ranges), column);
    }
    case 'TEXTS': {
      if (scalarOf(type) !== 'TEXT') throw unfit(`${test.type} is for texts`, column);
      const op = MATCHES[test.type];
      const matches = test.texts.map((text): RecordFilter => ({ kind: 'TEXT_MATCH', column, op, text }));
      return unless(test.type.startsWith('NOT_'), anyOf(matches), column);
    }
  }
}

const MATCHES = {
  CONTAIN: 'CONTAINS',
  NOT_CONTAIN: 'CONTAINS',
  START_WITH: 'STARTS_WITH',
  NOT_START_WITH: 'STARTS_WITH',
  END_WITH: 'ENDS_WITH',
  NOT_END_WITH: 'ENDS_WITH',
} as const;

/** If negated: a value is there, and none matches. */
function unless(negated: boolean, filter: RecordFilter, column: StoredColumn): RecordFilter {
  return negated ? { kind: 'AND', filters: [hasValue(column), { kind: 'NOT', filter }] } : filter;
}

function anyOf(filters: readonly RecordFilter[]): RecordFilter {
  const [only] = filters;
  return only && filters.length === 1 ? only : { kind: 'OR', filters };
}

/** For an array: an element that is not null. An array without one is not null, so IS_NULL does not tell. */
function hasValue(column: StoredColumn): RecordFilter {
  switch (column.type) {
    case 'TEXT_ARRAY':
      return { kind: 'COMPARE', column, op: 'GTE', value: '' };
    case 'NUMERIC_ARRAY':
      return { kind: 'COMPARE', column, op: 'GTE', value: -Number.MAX_VALUE };
    case 'BOOLEAN_ARRAY':
      return { kind: 'IN', column, values: [false, true] };
    case 'DATETIME_ARRAY':
      return { kind: 'COMPARE', column, op: 'GTE', value: new Date(EARLIEST) };
    default:
      return { kind: 'NOT', filter: { kind: 'IS_NULL', column } };
  }
}

/** A value other than the empty text. */
function hasContent(column: StoredColumn): RecordFilter {
  if (column.type === 'TEXT_ARRAY') return { kind: 'COMPARE', column, op: 'GT', value: '' };
  if (column.type !== 'TEXT') return hasValue(column);
  const isEmptyText: RecordFilter = { kind: 'IN', column, values: [''] };
  return { kind: 'AND', filters: [hasValue(column), { kind: 'NOT', filter: isEmptyText }] };
}

/** The least and the greatest value for which a value stands; they differ for periods alone. */
interface Span {
  readonly from: QueryValue;
  readonly to: QueryValue;
}

/** A date stands for a day unless the condition names another period. It must be the beginning of that period, so that nobody is shown a whole day for an hour of it. */
function spanOf(value: PermissionValue, column: StoredColumn, period: Period | null): Span {
  const shown = JSON.stringify(value);
  const parsed = queryValueOf(value, column.type);
  if (parsed === undefined) throw unfit(`${shown} is no value`, column);
  if (parsed instanceof Date) {
    const span = periodFrom(parsed, period ?? 'DAY');
    if (!span)
      throw unfit(`${shown} is not the beginning, in UTC, of a period ${period ?? 'DAY'} (group_value)`, column);
    return span;
  }
  if (period !== null) throw unfit('group_value is for dates', column);
  return { from: parsed, to: parsed };
}

function inSpans(spans: readonly Span[], column: StoredColumn): RecordFilter {
  const isOne = ({ from, to }: Span) => compareScalars(from, to) === 0;
  const values = spans.filter(isOne).map(({ from }) => from);
  const parts: RecordFilter[] = values.length > 0 ? [{ kind: 'IN', column, values }] : [];
  for (const span of spans) if (!isOne(span)) parts.push({ kind: 'BETWEEN', column, ...span });
  return anyOf(parts);
}

interface End {
  readonly value: QueryValue;
  readonly open: boolean;
}

/** Refuses a range that no value can be in: NOT_RANGE would permit every value. */
function filterOfRange(range: PermissionRange, column: StoredColumn, period: Period | null): RecordFilter {
  const span = (value: PermissionValue) => spanOf(value, column, period);
  const lower = endOf(range.gt, range.gte, 1, span);
  const upper = endOf(range.lt, range.lte, -1, span);
  if (lower && upper) {
    const difference = compareScalars(lower.value, upper.value);
    if (difference > 0 || (difference === 0 && (lower.open || upper.open)))
      throw unfit(`no value is in the range ${JSON.stringify(range)}`, column);
    const open = { ...(lower.open && { openFrom: true as const }), ...(upper.open && { openTo: true as const }) };
    return { kind: 'BETWEEN', column, from: lower.value, to: upper.value, ...open };
  }
  if (lower) return { kind: 'COMPARE', column, op: lower.open ? 'GT' : 'GTE', value: lower.value };
  if (upper) return { kind: 'COMPARE', column, op: upper.open ? 'LT' : 'LTE', value: upper.value };
  throw unfit('a range without an end', column);
}

/** An end of a range, above (1) or below (-1) of which values are in it. Dates have no open ends: the next millisecond is the end. */
function endOf(
  open: PermissionValue | undefined,
  closed: PermissionValue | undefined,
  side: 1 | -1,
  spanOfValue: (value: PermissionValue) => Span,
): End | null {
  const given = open ?? closed;
  if (given === undefined) return null;
  const { from, to } = spanOfValue(given);
  if (open === undefined) return { value: side === 1 ? from : to, open: false };
  const value = side === 1 ? to : from;
  return value instanceof Date ? { value: new Date(value.getTime() + side), open: false } : { value, open: true };
}

function unfit(what: string, { type }: StoredColumn): UnfitCondition {
  return new UnfitCondition(`${what}, and the column is ${type}`);
}
