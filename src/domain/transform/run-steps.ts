import type { StoredValue } from '../design/stored-value.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import { briefJson } from '../json/stringify-json.js';
import { mismatch } from '../sample/value-check.js';
import type { PlannedStep } from './plan-transformations.js';
import { replacementOf } from './replacement.js';
import { MAX_RESULT_ELEMENTS, MAX_RESULT_TEXT, textTooLong, tooManyElements } from './result-limits.js';
import { StepError } from './step-error.js';
import type { StepContext, StepResult, WorkingRow } from './working-row.js';

/** Sees the row after each transformation that has run, by its id. */
export type OnStep = (transformation: string, row: WorkingRow) => void;

/** Runs all steps on a row, in place. Returns why the record does not fit; null if it fits. */
export type RunSteps = (row: WorkingRow, context: StepContext, onStep?: OnStep) => RecordMismatches | null;

type RunStep = (row: WorkingRow, context: StepContext) => RecordMismatches | null;

/** Compiles the steps of a design. Null if there are none, so that designs without steps pay nothing. */
export function compileSteps(planned: readonly PlannedStep[]): RunSteps | null {
  if (planned.length === 0) return null;
  const steps = planned.map((step) => ({ id: step.transformation.id, run: compileStep(step) }));
  return (row, context, onStep) => {
    for (const { id, run } of steps) {
      const error = run(row, context);
      if (error) return error;
      onStep?.(id, row);
    }
    return null;
  };
}

function compileStep({ transformation, plan, target }: PlannedStep): RunStep {
  const { onError } = transformation;
  const { storedKey } = target;
  const replacement = replacementOf(transformation, plan.type);
  return (row, context) => {
    const result = checked(plan.compute(row, context));
    if (!(result instanceof StepError)) row[storedKey] = result ?? undefined;
    else if (onError === 'REJECT_RECORD') return rejected(transformation.id, transformation.name, target.id, result);
    else if (onError === 'REPLACE_VALUE') row[storedKey] = replacement ?? undefined;
    return null;
  };
}

/** Turns values that no column can store into errors, for every kind of step. */
function checked(result: StepResult): StoredValue | null | StepError {
  if (typeof result === 'number' && !Number.isFinite(result))
    return new StepError(`the result is ${result}, which a column cannot store`);
  if (typeof result === 'string' && !result.isWellFormed())
    return new StepError('the result holds half of a surrogate pair');
  if (typeof result === 'string' && result.length > MAX_RESULT_TEXT) return textTooLong();
  if (Array.isArray(result) && result.length > MAX_RESULT_ELEMENTS) return tooManyElements();
  return result;
}

function rejected(step: string, name: string, column: string, { message }: StepError): RecordMismatches {
  const fault = mismatch('TRANSFORMATION_FAILED', column, '', 'a value', 'none', '');
  return RecordMismatches.of({ ...fault, step, message: `step ${briefJson(name)}: ${message}` });
}
