import type { StoredValues } from '../domain/design/stored-value.js';
import type { Mismatch } from '../domain/job/job.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import type { RowWriter } from '../ports/record-store.js';

/** UTF-8 needs at most this many bytes for one UTF-16 unit. */
const UTF8_BYTES_OF_UNIT = 3;

/** Why the record store cannot accept a record's rows; null if it can. `source`, the record's JSON text, is stored with the first row. */
export function rowTooLarge(
  rows: readonly StoredValues[],
  source: string | undefined,
  { sizeOf, limits: { maxRowBytes } }: Pick<RowWriter, 'sizeOf' | 'limits'>,
): RecordMismatches | null {
  let text = source;
  for (const values of rows) {
    const bytes = sizeOf(values);
    // The exact size is computed only if the upper bound exceeds the limit.
    if (bytes + UTF8_BYTES_OF_UNIT * (text?.length ?? 0) > maxRowBytes) {
      const exact = bytes + (text === undefined ? 0 : Buffer.byteLength(text));
      if (exact > maxRowBytes) return RecordMismatches.of(mismatchOfSize(exact, maxRowBytes));
    }
    text = undefined;
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
