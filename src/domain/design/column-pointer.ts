import { pointerTo } from '../json/pointer.js';
import type { Column } from './design.js';

/** Where a column's value stands in a record, as a JSON Pointer. */
export function columnPointer(columns: readonly Column[], { key, parent }: Column): string {
  const above = columns.find(({ id }) => id === parent);
  return pointerTo(above ? columnPointer(columns, above) : '', key);
}
