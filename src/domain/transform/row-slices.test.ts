import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecordMismatches } from '../job/record-mismatches.js';
import { eachRow } from './row-slices.js';
import type { StepsResult } from './steps-result.js';
import { WorkMeter } from './work-meter.js';

const MADE: StepsResult = [];
const REFUSED = new RecordMismatches();
/** More than a slice may take. */
const MUCH = 2_000_000;

/** What a step does on so many rows: how many it took before each yield, and the result. `refused`: the row that refuses the record. `workOf` is the work for a row. */
function run(count: number, refused: number | null, workOf: (index: number) => number) {
  const work = new WorkMeter();
  const taken: number[] = [];
  const slices: number[] = [];
  const take = (index: number) => {
    taken.push(index);
    work.note(workOf(index));
    return index === refused ? REFUSED : null;
  };
  const ran = eachRow(count, work, take, () => MADE);
  if (!('next' in ran)) return { taken, slices, result: ran };
  let step = ran.next();
  for (; !step.done; step = ran.next()) slices.push(taken.length);
  return { taken, slices, result: step.value };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the rows of a record', () => {
  it('are taken in their order, up to the one that refuses the record', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.option(fc.nat(1_000)), (count, refused) => {
        const { taken, result } = run(count, refused, () => 1);
        const isRefused = refused !== null && refused < count;
        expect(taken).toEqual(upTo(isRefused ? refused + 1 : count));
        expect(result).toBe(isRefused ? REFUSED : MADE);
      }),
    );
  });

  it('are taken at once if there is one, which needs no generator', () => {
    expect(run(1, null, () => MUCH)).toEqual({ taken: [0], slices: [], result: MADE });
  });

  it('let others work after 200 of them', () => {
    expect(run(1_000, null, () => 1).slices).toEqual([200, 400, 600, 800, 1_000]);
  });

  it('let others work earlier after much work', () => {
    expect(run(5, null, (index) => (index === 1 ? MUCH : 1)).slices).toEqual([2]);
    expect(run(5, null, () => MUCH / 2).slices).toEqual([2, 4]);
  });
});
