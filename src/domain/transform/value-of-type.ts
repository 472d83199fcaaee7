import type { StoredValue } from '../design/stored-value.js';
import { geoPoint, isLatitude, isLongitude } from '../geo-point.js';
import { isNumber, numericOf } from '../json/exact-number.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
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
    case 'GEO_POINT':
      return pointOf(value);
    default:
      return Array.isArray(value) && value.length === 0 ? [] : undefined;
  }
}

/** A point `{lat, lon}` with nothing else in it; undefined for other values, and for coordinates that are out of range. */
function pointOf(value: JsonValue): StoredValue | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return undefined;
  const [lat, lon] = [numberIn(value, 'lat'), numberIn(value, 'lon')];
  return lat !== undefined && lon !== undefined && isLatitude(lat) && isLongitude(lon) ? geoPoint(lat, lon) : undefined;
}

function numberIn(object: JsonObject, key: string): number | undefined {
  const value = Object.hasOwn(object, key) ? (object[key] ?? null) : null;
  return isNumber(value) ? (numericOf(value) ?? undefined) : undefined;
}
