import type { StoredValues } from '../domain/design/stored-value.js';
import type { Mismatch } from '../domain/job/job.js';
import type { RecordStore } from '../ports/record-store.js';

/** Why the record store could not take a row; null when it can. */
export function mismatchOfSize(
  values: StoredValues,
  source: string | undefined,
  { limits, sizeOf }: Pick<RecordStore, 'limits' | 'sizeOf'>,
): Mismatch | null {
  const bytes = sizeOf(values) + (source === undefined ? 0 : Buffer.byteLength(source));
  if (bytes <= limits.maxRowBytes) return null;
  const expected = `at most ${limits.maxRowBytes} bytes`;
  const actual = `${bytes} bytes`;
  const message = `the record gives a row of ${actual}; the record store takes ${expected}`;
  return { pointer: '', code: 'ROW_TOO_LARGE', message, expected, actual };
}
