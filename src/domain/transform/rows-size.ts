import { ObjectArray } from '../design/object-array.js';
import { sizeOfRow, sizeOfValue } from '../design/size-in-memory.js';
import type { StoredValue } from '../design/stored-value.js';
import type { WorkingRow } from '../design/working-row.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import { MAX_BYTES_OF_ROWS } from './result-limits.js';
import { refusedByStep } from './step-refusal.js';
import type { Transformation } from './transformation.js';

const BYTES_OF_ELEMENT = 8;

/**
 * Counts about how many bytes the rows of one record take in memory while steps run. Without a bound, a record of 1 MB could give 10,000 rows with a text of 1 MB each, and
 * every step would work on 10 GB.
 */
export class RowsSize {
  #size = 0;
  /** Arrays of objects that steps have made; others belong to the record, and rows share them. */
  #made: Set<ObjectArray> | undefined;

  get isOver(): boolean {
    return this.#size > MAX_BYTES_OF_ROWS;
  }

  /** There are so many rows now in place of a row. */
  replaceRow({ values }: WorkingRow, count: number): void {
    if (count !== 1) this.#size += (count - 1) * sizeOfRow(values);
  }

  replaceValue(before: StoredValue | undefined, after: StoredValue | null): void {
    this.#size += sizeOfValue(after) - sizeOfValue(before);
  }

  replaceArray(before: ObjectArray | undefined, after: ObjectArray): void {
    if (before && this.#made?.delete(before)) this.#size -= BYTES_OF_ELEMENT * before.elements.length;
    this.#made ??= new Set();
    this.#made.add(after);
    this.#size += BYTES_OF_ELEMENT * after.elements.length;
  }
}

/** Why a record does not fit whose rows become too large in this step. */
export function rowsTooLarge(transformation: Transformation): RecordMismatches {
  const expected = `at most ${MAX_BYTES_OF_ROWS} bytes`;
  const why = `the rows of the record would take more than ${MAX_BYTES_OF_ROWS} bytes in all; remove long columns before rows are multiplied, or send fewer elements in a record`;
  return refusedByStep(transformation, { code: 'ROW_TOO_LARGE', expected, actual: 'more bytes', why });
}
