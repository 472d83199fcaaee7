import { describe, expect, it } from '@jest/globals';
import type { StoredValues } from '../domain/design/stored-value.js';
import { mismatchOfRefusal, rowTooLarge } from './row-mismatch.js';

const MB = 1024 * 1024;
const STORE = { sizeOf: ({ c1 }: StoredValues) => Number(c1), limits: { maxRowBytes: 15 * MB } };

/** What is said of a record whose rows have these sizes. */
function messageOf(sizes: readonly number[], source?: string): string | undefined {
  const rows = sizes.map((c1) => ({ c1 }));
  return rowTooLarge(rows, source === undefined ? undefined : { text: source }, STORE)?.kept[0]?.message;
}

describe('the size of the rows of a record', () => {
  it('is limited for each row, and for all of them together', () => {
    expect(messageOf([])).toBeUndefined();
    expect(messageOf([15 * MB, 15 * MB, 15 * MB, 15 * MB, 4 * MB])).toBeUndefined();
    expect(messageOf([1, 15 * MB + 1])).toBe(
      'the record gives a row of 15728641 bytes; the record store accepts at most 15728640 bytes',
    );
    expect(messageOf(Array(64).fill(MB))).toBeUndefined();
    expect(messageOf([...Array(64).fill(MB), 1])).toBe(
      'the record gives 65 rows of 67108865 bytes; all rows of a record together may have at most 67108864 bytes',
    );
    expect(messageOf(Array(100).fill(MB))).toBe(
      'the record gives 100 rows, the first 65 of 68157440 bytes; all rows of a record together may have at most 67108864 bytes',
    );
  });

  it('includes the text of the record in its first row', () => {
    expect(messageOf([15 * MB - 1, 1], '{}')).toMatch(/^the record gives a row of 15728641 bytes;/);
    expect(messageOf([1, 15 * MB], '{}')).toBeUndefined();
  });

  it('is that of the text of a record without rows', () => {
    expect(messageOf([], 'x'.repeat(15 * MB))).toBeUndefined();
    expect(messageOf([], 'x'.repeat(15 * MB + 1))).toBe(
      'the record has 15728641 bytes; the record store accepts at most 15728640 bytes',
    );
  });
});

describe('a row that the record store rejects', () => {
  it.each([false, true])('is reported with the reason, unless the design has sensitive columns: %s', (hasSensitive) => {
    const { message } = mismatchOfRefusal('failed to parse the value 4711', { hasSensitive });
    expect(message).toMatch(/^the record store rejected a row of the record: /);
    expect(message.includes('4711')).toBe(!hasSensitive);
  });
});
