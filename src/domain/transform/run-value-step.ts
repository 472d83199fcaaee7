import type { Sliced } from '../at-once.js';
import type { Column } from '../design/column.js';
import { ObjectArray } from '../design/object-array.js';
import type { StoredValue } from '../design/stored-value.js';
import type { WorkingRow } from '../design/working-row.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import { type Need, Needed } from './answers.js';
import { replacementOf } from './replacement.js';
import { MAX_RESULT_ELEMENTS, MAX_RESULT_TEXT, textTooLong, tooManyElements } from './result-limits.js';
import { eachRow } from './row-slices.js';
import { type RowsSize, rowsTooLarge } from './rows-size.js';
import { NOT_PLACED, type StepContext, type StepResult } from './step-context.js';
import { StepError } from './step-error.js';
import type { ValuePlan } from './step-kind.js';
import { refusedByStep } from './step-refusal.js';
import { MissingAnswers, type RunStep, type StepsResult } from './steps-result.js';
import type { Transformation } from './transformation.js';

type FoundResult = Exclude<StepResult, Needed>;

/** Compiles a step that gives each row a value. `reasonToHide`: as in {@link PlannedStep}. */
export function compileValueStep(
  transformation: Transformation,
  { type, compute }: ValuePlan,
  target: Column,
  reasonToHide: string | null,
): RunStep {
  const { onError } = transformation;
  const { storedKey } = target;
  const replacement = replacementOf(transformation, type);
  const [isRejecting, isReplaced] = [onError === 'REJECT_RECORD', onError === 'REPLACE_VALUE'];
  /** Puts the result of a step, or what its error treatment says, into a row. Returns the error that refuses the record. */
  const place = (row: WorkingRow, result: FoundResult, size: RowsSize): StepError | null => {
    if (result === NOT_PLACED) row.isUnplaced = true;
    else if (!(result instanceof StepError)) put(row, storedKey, result, size);
    else if (isRejecting) return result;
    else if (isReplaced) put(row, storedKey, replacement, size);
    return null;
  };
  /** What refuses the record, or the outside data that the row needs; null if the row has its value. */
  const take = (rows: readonly WorkingRow[], index: number, context: StepContext, size: RowsSize) => {
    const row = rows[index];
    if (!row) return null;
    const result = computed(compute, row, context);
    if (result instanceof Needed) return result;
    const error = place(row, result, size);
    if (error) return failed(transformation, target.id, placeOf(index, rows.length) + shown(error, reasonToHide));
    return size.isOver ? rowsTooLarge(transformation) : null;
  };
  return (rows, context, size) => {
    if (rows.length !== 1) return eachRowTaken(rows, context, (index) => take(rows, index, context, size));
    const taken = take(rows, 0, context, size);
    return taken instanceof Needed ? new MissingAnswers([taken.need]) : (taken ?? rows);
  };
}

function computed(compute: ValuePlan['compute'], row: WorkingRow, context: StepContext): StepResult {
  context.work.begin();
  try {
    return checked(compute(row, context));
  } catch (error) {
    return context.work.errorOf(error);
  }
}

/** Takes the rows in slices, and collects what they need. */
function eachRowTaken(
  rows: readonly WorkingRow[],
  { work }: StepContext,
  take: (index: number) => RecordMismatches | Needed | null,
): Sliced<StepsResult> {
  const needs: Need[] = [];
  const takeOne = (index: number) => {
    const taken = take(index);
    if (!(taken instanceof Needed)) return taken;
    needs.push(taken.need);
    return null;
  };
  return eachRow(rows.length, work, takeOne, () => (needs.length > 0 ? new MissingAnswers(needs) : rows));
}

function put(row: WorkingRow, storedKey: string, value: StoredValue | ObjectArray | null, size: RowsSize): void {
  if (value instanceof ObjectArray) {
    size.replaceArray(row.arrays?.[storedKey], value);
    row.arrays = { ...row.arrays, [storedKey]: value };
  } else {
    size.replaceValue(row.values[storedKey], value);
    row.values[storedKey] = value ?? undefined;
  }
}

/** Turns values that no column can store into errors, for every kind of step. */
function checked(result: StepResult): StepResult {
  switch (typeof result) {
    case 'number':
      if (Number.isFinite(result)) return result;
      return new StepError(`the result is ${result}, which a column cannot store`);
    case 'string':
      if (!result.isWellFormed()) return new StepError('the result holds half of a surrogate pair');
      return result.length > MAX_RESULT_TEXT ? textTooLong() : result;
    default:
      return Array.isArray(result) && result.length > MAX_RESULT_ELEMENTS ? tooManyElements() : result;
  }
}

/** What an error says. Steps put values into their messages in many ways, so the whole message is left out. */
function shown({ message }: StepError, reasonToHide: string | null): string {
  return reasonToHide === null ? message : `it has no value for the record; why is not shown, because ${reasonToHide}`;
}

/** Which of several rows failed. */
function placeOf(index: number, count: number): string {
  return count === 1 ? '' : `row ${index + 1} of the record's ${count}: `;
}

function failed(transformation: Transformation, column: string, why: string): RecordMismatches {
  const code = 'TRANSFORMATION_FAILED';
  return refusedByStep(transformation, { code, column, expected: 'a value', actual: 'none', why });
}
