import type { WorkingRow } from '../design/working-row.js';
import { RowsSize } from './rows-size.js';
import { compileRowsStep } from './run-rows-step.js';
import { compileValueStep } from './run-value-step.js';
import type { StepContext } from './step-context.js';
import { isRows, type RunStep, type StepsResult } from './steps-result.js';
import type { PlannedStep } from './transformation-plan.js';

/** What a transformation has made of a record. */
export interface StepOutcome {
  readonly transformation: string;
  /** The rows after it. */
  readonly rows: readonly WorkingRow[];
  /** The rows that it has removed; null if it has removed none. */
  readonly removed: RemovedRows | null;
}

export interface RemovedRows {
  readonly count: number;
  readonly reason: string;
}

/** Sees the outcome of each transformation that has run. */
export type OnStep = (outcome: StepOutcome) => void;

/** Runs all steps on a record, which starts as one row, in slices: yields once it has done much. May change that row. */
export type RunSteps = (row: WorkingRow, context: StepContext, onStep?: OnStep) => Generator<void, StepsResult>;

/** Compiles the steps of a design. Null if there are none, so that designs without steps pay nothing. */
export function compileSteps(planned: readonly PlannedStep[]): RunSteps | null {
  if (planned.length === 0) return null;
  const steps = planned.map((step) => ({ ...step, run: compileStep(step) }));
  return function* runSteps(row, context, onStep) {
    let rows: readonly WorkingRow[] = [row];
    const size = new RowsSize();
    for (const step of steps) {
      const run = runOf(step, rows, context, size, onStep);
      const result: StepsResult = 'next' in run ? yield* run : run;
      if (!isRows(result)) return result;
      rows = result;
      if (context.work.isMuchDone()) yield;
    }
    return rows;
  };
}

function runOf(
  step: CompiledStep,
  rows: readonly WorkingRow[],
  context: StepContext,
  size: RowsSize,
  onStep: OnStep | undefined,
): ReturnType<RunStep> {
  return onStep ? watched(step, rows, context, size, onStep) : step.run(rows, context, size);
}

interface CompiledStep extends PlannedStep {
  readonly run: RunStep;
}

/** Runs a step, and shows its outcome. */
function* watched(
  { run, plan, transformation }: CompiledStep,
  before: readonly WorkingRow[],
  context: StepContext,
  size: RowsSize,
  onStep: OnStep,
): Generator<void, StepsResult> {
  let count = 0;
  const ran = run(before, context, size, () => {
    count += 1;
  });
  const rows: StepsResult = 'next' in ran ? yield* ran : ran;
  const reason = ('expand' in plan ? plan.removal : null) ?? '';
  const removed = count === 0 ? null : { count, reason };
  if (isRows(rows)) onStep({ transformation: transformation.id, rows, removed });
  return rows;
}

function compileStep({ transformation, plan, target, reasonToHide }: PlannedStep): RunStep {
  if ('expand' in plan) return compileRowsStep(transformation, plan, target);
  if (!target) throw new TypeError(`step ${transformation.id} gives a value, but no column for it was planned`);
  return compileValueStep(transformation, plan, target, reasonToHide);
}
