import type { ColumnType } from '../sample/source-field.js';
import type { StepInputs } from './step-inputs.js';
import type { StepContext, StepResult, WorkingRow } from './working-row.js';

/** A step after it was checked against its input columns: the type of its result, and the function that computes it. */
export interface ValuePlan {
  readonly type: ColumnType;
  readonly compute: (row: WorkingRow, context: StepContext) => StepResult;
}

/**
 * A kind of step that gives one value for each row. `plan` takes its inputs from `inputs`, which collects their faults; a plan with faults never runs. If an input is null, the
 * result is null, unless the kind's description says otherwise.
 */
export interface StepKind<S> {
  readonly plan: (step: S, inputs: StepInputs) => ValuePlan;
  /** Adds the settings that callers cannot read, and so cannot send back: those that the same step had before the edit. */
  readonly completed?: (step: S, before: S | undefined) => S;
  /** The settings that callers may read; all if it is left out. */
  readonly shown?: (step: S) => unknown;
}
