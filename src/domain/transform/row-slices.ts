import type { StepsResult } from './steps-result.js';
import type { WorkMeter } from './work-meter.js';

/** How many rows a step works on between two yields, at most. */
const ROWS_OF_SLICE = 200;

/** What a step makes of one row: why the record is refused, or null if the step goes on. */
type TakeRow = (index: number) => StepsResult | null;

/** Calls `take` for each row of a record, which notes its work, and then `end`: at once for a single row, which most records are, in slices for more. */
export function eachRow(
  count: number,
  work: WorkMeter,
  take: TakeRow,
  end: () => StepsResult,
): StepsResult | Generator<void, StepsResult> {
  if (count > 1) return inSlices(count, work, take, end);
  return (count === 0 ? null : take(0)) ?? end();
}

function* inSlices(
  count: number,
  work: WorkMeter,
  take: TakeRow,
  end: () => StepsResult,
): Generator<void, StepsResult> {
  for (let index = 0; index < count; index += 1) {
    const refused = take(index);
    if (refused) return refused;
    if (index % ROWS_OF_SLICE === ROWS_OF_SLICE - 1 || work.isMuchDone()) yield;
  }
  return end();
}
