import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { pointerTo } from '../json/pointer.js';
import { type Column, isObjectArray } from './column.js';

/** The columns of a design by their ids. */
export type ColumnsById = ReadonlyMap<string, Column>;

export function columnsById(columns: readonly Column[]): ColumnsById {
  return new Map(columns.map((column) => [column.id, column]));
}

/** The JSON Pointer of a column's value in a record. */
export function columnPointer(columns: ColumnsById, column: Column): string {
  return columnKeys(columns, column).reduce(pointerTo, '');
}

/** The path of keys from the record to a column's value. */
export function columnKeys(columns: ColumnsById, { key, parent }: Column): readonly string[] {
  const above = parent === null ? undefined : columns.get(parent);
  return above ? [...columnKeys(columns, above), key] : [key];
}

/** The value at this path of keys in a record; undefined if there is none. */
export function valueAt(record: JsonObject, keys: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = record;
  for (const key of keys) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The array of objects that a column is inside of: the nearest one above it; undefined if there is none. */
export function arrayAbove({ parent }: Column, columns: ColumnsById): Column | undefined {
  const above = parent === null ? undefined : columns.get(parent);
  return !above || isObjectArray(above) ? above : arrayAbove(above, columns);
}
