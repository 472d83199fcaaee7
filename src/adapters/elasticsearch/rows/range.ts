import { compareScalars } from '../../../domain/query/compare-rows.js';
import type { QueryValue, RecordFilter } from '../../../domain/query/record-query.js';

/** A condition that is a range of values. */
export type RangeCondition = Extract<RecordFilter, { kind: 'COMPARE' | 'BETWEEN' }>;

/** The ends of a range, as Elasticsearch names them. */
export type Range = Readonly<Partial<Record<'gt' | 'gte' | 'lt' | 'lte', QueryValue>>>;

export function rangeOf(condition: RangeCondition): Range {
  if (condition.kind === 'BETWEEN') {
    const { from, to, openFrom, openTo } = condition;
    return { [openFrom ? 'gt' : 'gte']: from, [openTo ? 'lt' : 'lte']: to };
  }
  return { [condition.op.toLowerCase()]: condition.value };
}

export function liesIn(value: QueryValue, { gt, gte, lt, lte }: Range): boolean {
  return (
    (gt === undefined || compareScalars(value, gt) > 0) &&
    (gte === undefined || compareScalars(value, gte) >= 0) &&
    (lt === undefined || compareScalars(value, lt) < 0) &&
    (lte === undefined || compareScalars(value, lte) <= 0)
  );
}
