import type { ColumnType } from '../sample/source-field.js';
import type { StepInputs } from './step-inputs.js';
import type { StepContext, StepResult, WorkingRow } from './working-row.js';

/** A step that has been checked against the columns that it meets: the type of what it gives, and how. */
export interface ValuePlan {
  readonly type: ColumnType;
  readonly compute: (row: WorkingRow, context: StepContext) => StepResult;
}

/**
 * A kind of step that gives one value a row. `plan` takes its inputs from `inputs`, which notes what is wrong with them; a plan with faults is never run. Null goes in,
 * null comes out, unless the kind's description says otherwise.
 */
export interface StepKind<S> {
  readonly plan: (step: S, inputs: StepInputs) => ValuePlan;
}
