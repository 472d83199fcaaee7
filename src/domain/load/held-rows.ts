import type { StoredValue, StoredValues } from '../design/stored-value.js';

/** The rows that a group of jobs keeps in memory between examining and writing them take about this much. */
const HELD_BYTES = 32 * 1024 * 1024;
const BYTES_OF_ROW = 100;
const BYTES_OF_VALUE = 16;

/**
 * Decides which rows are kept in memory until they are written, if steps make them: they may be many times as large as the pushed records. The rows of further records are
 * made again when they are written.
 */
export class HeldRows {
  #left = HELD_BYTES;

  /** Whether rows of this size are kept. If so, there is less room for others. */
  keep(size: number): boolean {
    if (size > this.#left) return false;
    this.#left -= size;
    return true;
  }
}

/** About how many bytes rows take in memory. A text that rows share is counted for each of them. */
export function sizeInMemory(rows: readonly StoredValues[]): number {
  let size = 0;
  for (const row of rows) {
    size += BYTES_OF_ROW;
    for (const key in row) size += sizeOfValue(row[key]);
  }
  return size;
}

function sizeOfValue(value: StoredValue | null | undefined): number {
  if (typeof value === 'string') return BYTES_OF_VALUE + value.length;
  if (!Array.isArray(value)) return BYTES_OF_VALUE;
  let size = BYTES_OF_VALUE;
  for (const one of value) size += sizeOfValue(one);
  return size;
}
