import type { StoredValues } from '../design/stored-value.js';
import type { PageKey, QueryValue, RecordOrder } from './record-query.js';

/** The values by which an order places a row: a page that ends with this row ends there. */
export function placeOfRow(rowId: string, values: StoredValues, order: readonly RecordOrder[]): PageKey {
  return { rowId, values: order.map(({ column }) => (values[column.storedKey] ?? null) as QueryValue | null) };
}

/** Compares two rows by each column of the order, nulls last in both directions, then by row id. */
export function compareRows(a: PageKey, b: PageKey, order: readonly RecordOrder[]): number {
  for (const [index, { direction }] of order.entries()) {
    const [one, other] = [a.values[index] ?? null, b.values[index] ?? null];
    if (one === null || other === null) {
      if (one !== other) return one === null ? 1 : -1;
      continue;
    }
    const comparison = compareScalars(one, other);
    if (comparison !== 0) return direction === 'ASC' ? comparison : -comparison;
  }
  return compareText(a.rowId, b.rowId);
}

/** Compares two values of the same type: texts in full by code point; false before true. */
export function compareScalars(a: QueryValue, b: QueryValue): number {
  return typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : Number(a) - Number(b);
}

/** Compares by code point. JavaScript's own order is by UTF-16 units, which puts emoji before U+E000. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
