import type { StoredValue } from '../design/stored-value.js';
import { isNumber, numericOf } from '../json/exact-number.js';
import type { JsonValue } from '../json/json-value.js';
import { parseDateTime } from '../sample/date-time.js';
import type { ColumnType } from '../sample/source-field.js';

/** A JSON value as a column of this type stores it; undefined if the value is not of the type. */
export function valueOfType(value: JsonValue, type: ColumnType): StoredValue | null | undefined {
  if (value === null) return null;
  switch (type) {
    case 'TEXT':
      return typeof value === 'string' ? value : undefined;
    case 'NUMERIC':
      return isNumber(value) ? (numericOf(value) ?? undefined) : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'DATETIME':
      return typeof value === 'string' ? (parseDateTime(value) ?? undefined) : undefined;
    default:
      return Array.isArray(value) && value.length === 0 ? [] : undefined;
  }
}
