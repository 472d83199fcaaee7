import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import type { StoredValue } from '../../../domain/design/stored-value.js';
import { geoPoint } from '../../../domain/geo-point.js';
import type { HiddenRecord, Row } from '../../../ports/row-writes.js';
import { mostRowBytes, writeRowBson } from './row-bson.js';
import { toDocument } from './row-document.js';

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.integer({ min: 0, max: 8_000 }).map((length) => '語'.repeat(length)),
);
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53 - 1),
);
const date = fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
const scalar = fc.oneof(text, number, fc.boolean(), date);
const point = fc.tuple(fc.integer({ min: -90, max: 90 }), fc.double({ min: -180, max: 180, noNaN: true }));
const value: fc.Arbitrary<StoredValue | undefined> = fc.oneof(
  scalar,
  fc.constant(undefined),
  fc.array(fc.option(scalar), { maxLength: 20 }),
  fc.constantFrom(1_000, 1_100).map((length) => Array<number>(length).fill(1)),
  point.map(([lat, lon]) => geoPoint(lat, lon)),
);
const head = {
  id: fc.string({ minLength: 1, maxLength: 34 }),
  recordId: fc.string({ minLength: 1, maxLength: 32 }),
  version: fc.nat({ max: 2 ** 53 - 1 }),
  savedAt: date,
  isStored: fc.boolean(),
};
const values = fc.dictionary(
  fc.nat({ max: 30_000 }).map((key) => `c${key}`),
  value,
);
const rows: fc.Arbitrary<Row> = fc.record(
  { ...head, ordinal: fc.nat(), rowCount: fc.nat(), values, source: text },
  { requiredKeys: ['id', 'recordId', 'version', 'savedAt', 'ordinal', 'rowCount', 'values'] },
);
const hidden: fc.Arbitrary<HiddenRecord> = fc.record(
  { ...head, hidden: fc.constant(true as const), source: text },
  { requiredKeys: ['id', 'recordId', 'version', 'savedAt', 'hidden'] },
);

function expectAsDriver(write: Row | HiddenRecord): void {
  const most = mostRowBytes(write);
  const target = Buffer.alloc(3 + most, 0xff);
  const end = writeRowBson(target, 3, write);
  expect(end).toBeLessThanOrEqual(3 + most);
  const expected = Buffer.from(BSON.serialize(toDocument(write), { ignoreUndefined: true }));
  expect(target.subarray(3, end).equals(expected)).toBe(true);
}

it('writes rows and hidden records as the driver does, in no more bytes than it says', () => {
  fc.assert(fc.property(fc.oneof(rows, hidden), expectAsDriver), { numRuns: 2_000 });
});

it('writes long arrays as the driver does', () => {
  const at = { id: 'r-0', recordId: 'r', version: 1, savedAt: new Date(0), ordinal: 0, rowCount: 1 };
  for (const length of [9_999, 10_001, 100_001, 1_000_001])
    expectAsDriver({
      ...at,
      values: { c1: Array<number>(length).fill(1), c2: Array<string>(length % 10_000).fill('') },
    });
});
