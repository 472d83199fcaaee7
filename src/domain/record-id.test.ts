import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordIdOf, rowId } from './record-id.js';

/** As many with few digits as with many. */
const ordinal = fc.nat({ max: 15 }).chain((digits) => fc.nat({ max: 10 ** digits }));
const recordId = fc.stringMatching(/^[-\w]{1,32}$/);

describe('rowId', () => {
  it.each([
    [0, 'r-0'],
    [9, 'r-9'],
    [10, 'r-a10'],
    [99, 'r-a99'],
    [100, 'r-b100'],
    [9_999, 'r-c9999'],
  ])('writes row %d as %s', (number, id) => {
    expect(rowId('r', number)).toBe(id);
  });

  it('sorts the rows of a record as text in the order of their numbers', () => {
    fc.assert(
      fc.property(recordId, ordinal, ordinal, (record, one, other) => {
        const [a, b] = [rowId(record, one), rowId(record, other)];
        expect(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))).toBe(Math.sign(one - other));
        expect(a < b).toBe(one < other);
      }),
    );
  });

  it('has the id of the record, whatever that contains', () => {
    fc.assert(fc.property(recordId, ordinal, (record, number) => recordIdOf(rowId(record, number)) === record));
  });
});
