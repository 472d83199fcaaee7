import { isSliced, type Sliced } from '../at-once.js';
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

/**
 * Runs all steps on a record, which starts as one row: at once as long as it stays one row and little work is done, as for most records, and otherwise in slices. May change that row.
 */
export type RunSteps = (row: WorkingRow, context: StepContext, onStep?: OnStep) => Sliced<StepsResult>;

/** Compiles the steps of a design. Null if there are none, so that designs without steps pay nothing. */
export function compileSteps(planned: readonly PlannedStep[]): RunSteps | null {
  if (planned.length === 0) return null;
  const steps = planned.map((step) => ({ ...step, run: compileStep(step) }));
  return (row, context, onStep) => {
    const size = new RowsSize();
    if (onStep) return inSlices(steps, [row], context, (step, rows) => watched(step, rows, context, size, onStep));
    const runStep = (step: CompiledStep, rows: readonly WorkingRow[]) => step.run(rows, context, size);
    let rows: readonly WorkingRow[] = [row];
    for (let index = 0; index < steps.length; index += 1) {
      const ran: Sliced<StepsResult> = steps[index]?.run(rows, context, size) ?? rows;
      const isMuch = context.work.isMuchDone();
      if (Array.isArray(ran) && !isMuch) rows = ran;
      else if (isMuch || isSliced(ran)) return inSlices(steps.slice(index + 1), ran, context, runStep);
      else return ran;
    }
    return rows;
  };
}

/** Runs steps one after the other on what the step before gives. Yields first, since much work may be done, and in between once it is. */
function* inSlices(
  steps: readonly CompiledStep[],
  begun: Sliced<StepsResult>,
  { work }: StepContext,
  run: (step: CompiledStep, rows: readonly WorkingRow[]) => Sliced<StepsResult>,
): Generator<void, StepsResult> {
  yield;
  let rows = isSliced(begun) ? yield* begun : begun;
  for (const step of steps) {
    if (!isRows(rows)) return rows;
    if (work.isMuchDone()) yield;
    const ran = run(step, rows);
    rows = isSliced(ran) ? yield* ran : ran;
  }
  return rows;
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
  const rows = isSliced(ran) ? yield* ran : ran;
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
