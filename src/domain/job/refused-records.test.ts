import { describe, expect, it } from '@jest/globals';
import { mismatch } from '../sample/value-check.js';
import { RecordMismatches } from './record-mismatches.js';
import { RefusalTally } from './refused-records.js';

const wrong = (index: number) =>
  RecordMismatches.of(mismatch('WRONG_TYPE', 'n', '/n', 'TEXT', { words: String(index) }, 'is not a text'));

function tallyOf(maxReasons: number, indexes: readonly number[], earlier = new RefusalTally(maxReasons).toRefused()) {
  const tally = new RefusalTally(maxReasons, earlier);
  for (const index of indexes) tally.add(index, wrong(index));
  return tally.toRefused();
}

describe('the refused records of a job', () => {
  it('are all counted, and keep the reasons of the records with the lowest indexes', () => {
    const refused = tallyOf(3, [1, 4, 7, 9]);
    expect([...refused.reasons.keys()]).toEqual([1, 4, 7]);
    expect(refused).toMatchObject({ indexes: [1, 4, 7, 9], errorCount: 4 });
  });

  it('include the records of an earlier phase, and accept lower indexes after them', () => {
    const refused = tallyOf(3, [0, 5], tallyOf(3, [1, 4, 7, 9]));
    expect(refused.indexes).toEqual([0, 1, 4, 5, 7, 9]);
    expect([...refused.reasons.keys()].sort()).toEqual([0, 1, 4]);
    expect(refused.errorCount).toBe(6);
    expect(refused.errors.summary).toMatchObject([{ pointer: '/n', records: 6, firstIndexes: [0, 1, 4, 5, 7, 9] }]);
    expect(refused.errors.kept.map(({ recordIndex }) => recordIndex)).toEqual([0, 1, 4, 5, 7, 9]);
  });
});
