import type { StoredValues } from '../domain/design/stored-value.js';
import type { Mismatch } from '../domain/job/job.js';
import type { RowWriter } from '../ports/record-store.js';

/** What the record store's limit is compared with. */
export function bytesOfRow(
  { values, source }: { readonly values: StoredValues; readonly source: string | undefined },
  { sizeOf }: Pick<RowWriter, 'sizeOf'>,
): number {
  return sizeOf(values) + (source === undefined ? 0 : Buffer.byteLength(source));
}

/** Why the record store cannot take a row of so many bytes. */
export function mismatchOfSize(bytes: number, maxRowBytes: number): Mismatch {
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
