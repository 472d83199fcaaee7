import { isGeoPoint } from '../geo-point.js';
import type { StoredValue, StoredValues } from './stored-value.js';

const BYTES_OF_ROW = 100;
const BYTES_OF_VALUE = 16;
const BYTES_OF_POINT = 64;

/** About how many bytes rows take in memory. A text that rows share is counted for each of them. */
export function sizeInMemory(rows: readonly StoredValues[]): number {
  let size = 0;
  for (const row of rows) size += sizeOfRow(row);
  return size;
}

/** The same of one row. */
export function sizeOfRow(row: StoredValues): number {
  let size = BYTES_OF_ROW;
  for (const key in row) size += sizeOfValue(row[key]);
  return size;
}

/** The same of a value of a row. */
export function sizeOfValue(value: StoredValue | null | undefined): number {
  if (typeof value === 'string') return BYTES_OF_VALUE + value.length;
  if (!Array.isArray(value)) return isGeoPoint(value) ? BYTES_OF_POINT : BYTES_OF_VALUE;
  let size = BYTES_OF_VALUE * (1 + value.length);
  for (const one of value) if (typeof one === 'string') size += one.length;
  return size;
}
