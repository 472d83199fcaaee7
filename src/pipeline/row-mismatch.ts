import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { StoredValues } from '../domain/design/stored-value.js';
import type { Mismatch } from '../domain/job/job.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import type { RowWriter } from '../ports/record-store.js';
import { bytesOf, type RecordText } from './record-text.js';

/** All rows of a record have at most this many bytes, as {@link RowWriter.sizeOf} counts them: a worker must be able to hold them in memory. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

const ACCEPTS = 'the record store accepts';

/** Why the record store cannot accept a record's rows; null if it can. The record's text is stored with the first row. */
export function rowTooLarge(
  rows: readonly StoredValues[],
  text: RecordText | undefined,
  { sizeOf, limits: { maxRowBytes } }: Pick<RowWriter, 'sizeOf' | 'limits'>,
): RecordMismatches | null {
  if (text && rows.length === 0) {
    // The text of a record without rows is stored alone.
    const bytes = bytesOf(text, maxRowBytes);
    return bytes > maxRowBytes ? tooLarge(`the record has ${bytes} bytes; ${ACCEPTS}`, bytes, maxRowBytes) : null;
  }
  let total = 0;
  for (const [ordinal, values] of rows.entries()) {
    const bytes = sizeOf(values);
    const all = text && ordinal === 0 ? bytes + bytesOf(text, maxRowBytes - bytes) : bytes;
    if (all > maxRowBytes) return tooLarge(`the record gives a row of ${all} bytes; ${ACCEPTS}`, all, maxRowBytes);
    total += bytes;
    if (total > MAX_RECORD_BYTES) {
      const part = ordinal + 1 === rows.length ? '' : `, the first ${ordinal + 1}`;
      const what = `the record gives ${rows.length} rows${part} of ${total} bytes; all rows of a record together may have`;
      return tooLarge(what, total, MAX_RECORD_BYTES);
    }
  }
  return null;
}

function tooLarge(what: string, bytes: number, most: number): RecordMismatches {
  const expected = `at most ${most} bytes`;
  return RecordMismatches.of({
    pointer: '',
    code: 'ROW_TOO_LARGE',
    message: `${what} ${expected}`,
    expected,
    actual: `${bytes} bytes`,
  });
}

/** The record store permanently rejected a row, although the row is within all limits. Its reason may quote values of the row. */
export function mismatchOfRefusal(reason: string, design: Pick<CompiledDesign, 'hasSensitive'>): Mismatch {
  const message = `the record store rejected a row of the record: ${shownReason(reason, design)}`;
  return {
    pointer: '',
    code: 'ROW_REFUSED',
    message,
    expected: 'a row that the record store accepts',
    actual: 'a rejected row',
  };
}

/** A reason of the record store, as errors and logs may show it. */
export function shownReason(reason: string, { hasSensitive }: Pick<CompiledDesign, 'hasSensitive'>): string {
  return hasSensitive ? 'its reason is not shown, because it could show values of sensitive columns' : reason;
}
