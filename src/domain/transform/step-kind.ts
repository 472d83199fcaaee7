import type { WorkingRow } from '../design/working-row.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import type { ColumnType } from '../sample/source-field.js';
import type { StepContext, StepResult } from './step-context.js';
import type { StepInputs } from './step-inputs.js';

/** A step that gives one value for each row: the type of the value, and the function that computes it. */
export interface ValuePlan {
  readonly type: ColumnType;
  /** With type OBJECT_ARRAY: the id of the array that the value is made of, which is the only column that it can go into. */
  readonly onlyInto?: string | undefined;
  readonly compute: (row: WorkingRow, context: StepContext) => StepResult;
}

/** A step that gives other rows in place of each row. */
export interface RowsPlan {
  /** The type of the column that it creates, and whether its output may be left out; null for a step without an output. */
  readonly creates: { readonly type: ColumnType; readonly isOptional: boolean } | null;
  /** Why a row gets no rows in its place, in words for users; null for a step that always gives some. */
  readonly removal: string | null;
  /** The rows in place of a row. The row may be changed, and be one of them. Mismatches if it does not fit. */
  readonly expand: (row: WorkingRow, context: StepContext, way: Expansion) => Expanded;
}

/** TOO_MANY_ROWS: the row alone gives more rows than a record may have, so none were made. */
export type Expanded = readonly WorkingRow[] | RecordMismatches | 'TOO_MANY_ROWS';

/** How rows are expanded. */
export interface Expansion {
  /** The id of the transformation. */
  readonly step: string;
  /** The stored key of the created column; null if there is none. */
  readonly target: string | null;
  /** Whether values that do not fit are left out. */
  readonly ignoresErrors: boolean;
}

/** A step after it was checked against its input columns. A plan with faults never runs. */
export type StepPlan = ValuePlan | RowsPlan;

/**
 * A kind of step. `plan` takes its inputs from `inputs`, which collects their faults. If an input of a step that gives a value is null, the result is null, unless the kind's
 * description says otherwise.
 */
export interface StepKind<S, Plan extends StepPlan = ValuePlan> {
  readonly plan: (step: S, inputs: StepInputs) => Plan;
  /** Adds the settings that callers cannot read, and so cannot send back: those that the same step had before the edit. */
  readonly completed?: (step: S, before: S | undefined) => S;
  /** The settings that callers may read; all if it is left out. */
  readonly shown?: (step: S) => unknown;
}
