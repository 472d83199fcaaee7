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
  const at = firstDifference(a, b);
  return rankAt(a, at) - rankAt(b, at);
}

/** The first place where two different texts differ. In time linear in the shorter text, and fast for the usual texts, which differ soon. */
function firstDifference(a: string, b: string): number {
  let most = Math.min(a.length, b.length);
  let equal = 0;
  for (const soon = Math.min(most, DIFFERS_SOON); equal < soon; equal += 1) {
    if (a.charCodeAt(equal) !== b.charCodeAt(equal)) return equal;
  }
  if (a.slice(equal, most) === b.slice(equal, most)) return most;
  // Invariant: the texts are equal before `equal`, and differ before `most`.
  while (most - equal > 1) {
    const middle = (equal + most) >> 1;
    if (a.slice(equal, middle) === b.slice(equal, middle)) equal = middle;
    else most = middle;
  }
  return equal;
}

const DIFFERS_SOON = 32;

/** Places the end of a text first, and the halves of surrogate pairs after all other UTF-16 units, as their code points are. */
function rankAt(text: string, at: number): number {
  if (at >= text.length) return -1;
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
