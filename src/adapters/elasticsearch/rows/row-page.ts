import type { estypes } from '@elastic/elasticsearch';
import type { PageKey, RecordFilter, RecordOrder, StoredColumn } from '../../../domain/query/record-query.js';
import { fieldOf } from '../generation-index.js';

/** The field of a row's id, as a column. */
const ROW_ID: StoredColumn = { storedKey: 'i', type: 'TEXT' };

/** Null comes last in both directions, ties are broken by row id. */
export function sortOf(order: readonly RecordOrder[]): estypes.Sort {
  const columns = order.map(({ column, direction }) => ({
    [fieldOf(column)]: { order: direction === 'ASC' ? ('asc' as const) : ('desc' as const), missing: '_last' },
  }));
  return [...columns, { i: 'asc' }];
}

/**
 * Matches the rows after a page's end: those with a later value in the first column, or the same value there and a later one in the second, and so on, then by row id.
 * Null comes after every value.
 */
export function rowsAfter({ values, rowId }: PageKey, order: readonly RecordOrder[]): RecordFilter {
  const later: RecordFilter = { kind: 'COMPARE', column: ROW_ID, op: 'GT', value: rowId };
  const alternatives: RecordFilter[] = [];
  for (const [index, { column, direction }] of order.entries()) {
    const value = values[index] ?? null;
    if (value === null) continue;
    const beyond: RecordFilter = { kind: 'COMPARE', column, op: direction === 'ASC' ? 'GT' : 'LT', value };
    const filters: RecordFilter[] = [{ kind: 'OR', filters: [beyond, { kind: 'IS_NULL', column }] }];
    alternatives.push({ kind: 'AND', filters: [...sameValues(values, order.slice(0, index)), ...filters] });
  }
  alternatives.push({ kind: 'AND', filters: [...sameValues(values, order), later] });
  return { kind: 'OR', filters: alternatives };
}

/** Matches the rows that have these values in the columns of an order. */
export function sameValues(values: PageKey['values'], order: readonly RecordOrder[]): RecordFilter[] {
  return order.map(({ column }, index) => {
    const value = values[index] ?? null;
    return value === null ? { kind: 'IS_NULL', column } : { kind: 'IN', column, values: [value] };
  });
}
