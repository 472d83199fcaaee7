import type { estypes } from '@elastic/elasticsearch';
import type { PageKey, QueryValue, RecordOrder } from '../../../domain/query/record-query.js';
import { fieldOf } from '../generation-index.js';
import { anyOf, compare, isNull } from './row-filter.js';
import type { RowSource } from './row-source.js';

type Query = estypes.QueryDslQueryContainer;

/** Null comes last in both directions, ties are broken by row id. */
export function sortOf(order: readonly RecordOrder[]): estypes.Sort {
  const columns = order.map(({ column, direction }) => ({
    [fieldOf(column)]: { order: direction === 'ASC' ? ('asc' as const) : ('desc' as const), missing: '_last' },
  }));
  return [...columns, { i: 'asc' }];
}

/**
 * The rows behind a page's end: those with a later value in the first column, or the same there and a later one in the second, and so on, ties by row id.
 * Behind a value comes null, and behind null nothing.
 */
export function behind({ values, rowId }: PageKey, order: readonly RecordOrder[]): Query {
  const later: Query = { range: { i: { gt: rowId } } };
  if (order.length === 0) return later;
  const alternatives: Query[] = [];
  const same: Query[] = [];
  for (const [index, { column, direction }] of order.entries()) {
    const value = values[index] ?? null;
    if (value !== null) {
      const beyond = compare(column, direction === 'ASC' ? { gt: value } : { lt: value });
      alternatives.push({ bool: { filter: [...same, { bool: { should: [beyond, isNull(column)] } }] } });
    }
    same.push(value === null ? isNull(column) : anyOf(column, [value]));
  }
  alternatives.push({ bool: { filter: [...same, later] } });
  return { bool: { should: alternatives } };
}

/** Where a page that ends with this row ended. */
export function pageKeyOf(last: RowSource, order: readonly RecordOrder[]): PageKey {
  const values = order.map(({ column }): QueryValue | null => {
    const value = last[fieldOf(column) as `c${number}`];
    if (value === undefined || value === null) return null;
    return column.type === 'DATETIME' ? new Date(value as number) : (value as QueryValue);
  });
  return { rowId: last.i, values };
}
