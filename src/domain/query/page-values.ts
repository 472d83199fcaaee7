import type { StoredValues } from '../design/stored-value.js';

/** The values of a page, with nulls and the elements of arrays: to read them and write them as JSON takes less than a tenth of a second. */
export const MAX_PAGE_VALUES = 25_000;

/** How many rows a page may have, so that its values stay within the bound: at least one. */
export function rowsWithin(limit: number, columns: number): number {
  return Math.max(1, Math.min(limit, Math.floor(MAX_PAGE_VALUES / Math.max(1, columns))));
}

/** How many of the rows of a page fit, if the elements of their arrays count too: at least one. */
export function fittingRows(rows: readonly { readonly values: StoredValues }[], columns: number): number {
  let count = 0;
  for (const [index, { values }] of rows.entries()) {
    count += columns;
    for (const key in values) {
      const value = values[key];
      if (Array.isArray(value)) count += value.length;
    }
    if (index > 0 && count > MAX_PAGE_VALUES) return index;
  }
  return rows.length;
}
