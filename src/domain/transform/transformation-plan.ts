import type { Column } from '../design/column.js';
import type { DesignFault } from '../design/design-fault.js';
import type { StepPlan } from './step-kind.js';
import type { Transformation } from './transformation.js';

/** A transformation that runs: its plan, and the column that gets the value; undefined if no column does. */
export interface PlannedStep {
  readonly transformation: Transformation;
  readonly plan: StepPlan;
  readonly target: Column | undefined;
  /** Why errors of the step must not show the values that it reads, as the end of a sentence for users; null if they may. */
  readonly reasonToHide: string | null;
}

/** The result of checking the transformations of a design. */
export interface TransformationPlan {
  readonly steps: readonly PlannedStep[];
  /** The columns that the transformations create, in order. */
  readonly created: readonly Column[];
  /** Why disabled transformations do not run, by id. */
  readonly disabled: ReadonlyMap<string, string>;
  readonly faults: readonly DesignFault[];
  /** The ids of the objects and arrays of objects that steps read. */
  readonly whole: ReadonlySet<string>;
  /** The columns into which steps put what they make of values of sensitive columns: by id, the id of the sensitive column. */
  readonly derived: ReadonlyMap<string, string>;
  readonly lastKey: number;
}

/** The columns that transformations start from. */
export interface PlanBase {
  readonly sampleColumns: readonly Column[];
  /** The columns that transformations have created before, with the settings that users made on them. */
  readonly createdColumns: readonly Column[];
  readonly lastKey: number;
}
