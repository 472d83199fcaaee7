import type { StoredColumn } from '../query/record-query.js';
import type { Column } from './column.js';

/** The columns whose values are stored in rows. */
export function storedColumns(columns: readonly Column[]): StoredColumn[] {
  return columns
    .filter(({ enabled }) => enabled)
    .map(({ storedKey, type, indexed }) => ({ storedKey, type, ...(indexed && { indexed }) }));
}
