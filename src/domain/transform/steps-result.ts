import type { Sliced } from '../at-once.js';
import type { WorkingRow } from '../design/working-row.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import type { Need } from './answers.js';
import type { RowsSize } from './rows-size.js';
import type { StepContext } from './step-context.js';

/** The outside data that a step needs before the record can be transformed. */
export class MissingAnswers {
  constructor(readonly needs: readonly Need[]) {}
}

/** The rows of a record, why it does not fit, or what to get before it is transformed again from the start. */
export type StepsResult = readonly WorkingRow[] | RecordMismatches | MissingAnswers;

/** Whether a record was transformed. */
export function isRows(result: StepsResult): result is readonly WorkingRow[] {
  return Array.isArray(result);
}

/** Runs one step on the rows of a record of this size, and calls `onRemoved` for each row that it removes. Of several rows, it works in slices. */
export type RunStep = (
  rows: readonly WorkingRow[],
  context: StepContext,
  size: RowsSize,
  onRemoved?: () => void,
) => Sliced<StepsResult>;
