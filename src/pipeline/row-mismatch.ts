import type { StoredValues } from '../domain/design/stored-value.js';
import type { Mismatch } from '../domain/job/job.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import type { RowWriter } from '../ports/record-store.js';

/** UTF-8 takes at most so many bytes for a UTF-16 unit. */
const UTF8_BYTES_OF_UNIT = 3;

/** Why the record store cannot take a record; null where it can. The text of the record, if it is kept, stands beside its first row. */
export function rowTooLarge(
  rows: readonly StoredValues[],
  source: string | undefined,
  { sizeOf, limits: { maxRowBytes } }: Pick<RowWriter, 'sizeOf' | 'limits'>,
): RecordMismatches | null {
  let text = source;
  for (const values of rows) {
    const bytes = sizeOf(values);
    // Counted exactly only where that matters.
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
  const message = `the record gives a row of ${actual}; the record store takes ${expected}`;
  return { pointer: '', code: 'ROW_TOO_LARGE', message, expected, actual };
}

/** Why a record has no row though it kept all limits: the record store will never take it. */
export function mismatchOfRefusal(reason: string): Mismatch {
  const message = `the record store refuses the row of the record: ${reason}`;
  return {
    pointer: '',
    code: 'ROW_REFUSED',
    message,
    expected: 'a row that the record store takes',
    actual: 'another',
  };
}
