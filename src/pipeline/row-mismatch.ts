import type { StoredValues } from '../domain/design/stored-value.js';
import type { Mismatch } from '../domain/job/job.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import type { RowWriter } from '../ports/record-store.js';
import { bytesOf, type RecordText } from './record-text.js';

/** Why the record store cannot accept a record's rows; null if it can. The record's text is stored with the first row. */
export function rowTooLarge(
  rows: readonly StoredValues[],
  text: RecordText | undefined,
  { sizeOf, limits: { maxRowBytes } }: Pick<RowWriter, 'sizeOf' | 'limits'>,
): RecordMismatches | null {
  for (const [ordinal, values] of rows.entries()) {
    const bytes = sizeOf(values);
    const all = text && ordinal === 0 ? bytes + bytesOf(text, maxRowBytes - bytes) : bytes;
    if (all > maxRowBytes) return RecordMismatches.of(mismatchOfSize(all, maxRowBytes));
  }
  return null;
}

function mismatchOfSize(bytes: number, maxRowBytes: number): Mismatch {
  const expected = `at most ${maxRowBytes} bytes`;
  const actual = `${bytes} bytes`;
  const message = `the record gives a row of ${actual}; the record store accepts ${expected}`;
  return { pointer: '', code: 'ROW_TOO_LARGE', message, expected, actual };
}

/** The record store permanently rejected a row, although the row is within all limits. */
export function mismatchOfRefusal(reason: string): Mismatch {
  const message = `the record store rejected a row of the record: ${reason}`;
  return {
    pointer: '',
    code: 'ROW_REFUSED',
    message,
    expected: 'a row that the record store accepts',
    actual: 'a rejected row',
  };
}
