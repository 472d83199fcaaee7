import type { StoredValue, StoredValues } from '../../../domain/design/stored-value.js';
import { isGeoPoint } from '../../../domain/geo-point.js';
import { longTexts } from './long-text.js';
import { indexedValue } from './text-forms.js';

/** A name, quotes, a comma. */
const VALUE_OVERHEAD = 16;
/** A number as JSON writes it, a date in milliseconds, a boolean. */
const SCALAR_BYTES = 24;
/** Two numbers with their names, twice. */
const POINT_BYTES = 160;
/** The most bytes of a UTF-16 unit in JSON, `\u0000`, in its field, in the field of long texts, and in the whole text. */
const BYTES_OF_UNIT = 18;
/** Up to this size an estimate is enough. */
const SMALL_BYTES = 1024 * 1024;

/** About how many bytes a row's values take in a request: an upper estimate if that is small, otherwise counted. */
export function sizeOfRow(values: StoredValues): number {
  let bytes = 0;
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) bytes += VALUE_OVERHEAD + key.length + estimate(value);
  }
  return bytes <= SMALL_BYTES ? bytes : count(values);
}

function estimate(value: StoredValue): number {
  if (typeof value === 'string') return BYTES_OF_UNIT * value.length;
  if (isGeoPoint(value)) return POINT_BYTES;
  if (!Array.isArray(value)) return SCALAR_BYTES;
  return value.reduce<number>((sum, one) => sum + VALUE_OVERHEAD + (one === null ? 0 : estimate(one)), 0);
}

function count(values: StoredValues): number {
  let bytes = 0;
  for (const key in values) {
    const value = values[key];
    if (value === undefined) continue;
    if (isGeoPoint(value)) {
      bytes += VALUE_OVERHEAD + key.length + POINT_BYTES;
      continue;
    }
    const indexed = indexedValue(value);
    const whole = indexed === value ? undefined : value;
    bytes += VALUE_OVERHEAD + key.length + jsonBytes(indexed) + jsonBytes(longTexts(indexed)) + jsonBytes(whole);
  }
  return bytes;
}

function jsonBytes(value: StoredValue | undefined): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
