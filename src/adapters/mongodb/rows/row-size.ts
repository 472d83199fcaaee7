import type { StoredValue, StoredValues } from '../../../domain/design/stored-value.js';
import { isGeoPoint } from '../../../domain/geo-point.js';
import { isArray } from './row-document.js';

/** How many bytes a value takes in addition to its own. */
const VALUE_OVERHEAD = 16;
/** Two numbers with their names. */
const POINT_BYTES = 32;
/** Up to this size, three bytes per UTF-16 unit are a good enough estimate of a text. */
const COUNTED_LENGTH = 7_000;

/** An upper estimate of the bytes that a row's values take in its document: exact sizes matter only near the limit. */
export function sizeOfRow(values: StoredValues): number {
  let bytes = 0;
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) bytes += VALUE_OVERHEAD + key.length + sizeOfValue(value);
  }
  return bytes;
}

function sizeOfValue(value: StoredValue): number {
  if (typeof value === 'string') return sizeOfText(value);
  if (isGeoPoint(value)) return POINT_BYTES;
  if (!isArray(value)) return 8;
  return value.reduce<number>((sum, one) => sum + VALUE_OVERHEAD + (typeof one === 'string' ? sizeOfText(one) : 8), 0);
}

/** The same of a text. */
export function sizeOfText(text: string): number {
  return text.length <= COUNTED_LENGTH ? 3 * text.length : Buffer.byteLength(text);
}
