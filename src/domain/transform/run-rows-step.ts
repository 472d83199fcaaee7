import { type Column, isTaken } from '../design/column.js';
import type { WorkingRow } from '../design/working-row.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import { MAX_ROWS_OF_RECORD } from './result-limits.js';
import { eachRow } from './row-slices.js';
import { type RowsSize, rowsTooLarge } from './rows-size.js';
import type { StepContext } from './step-context.js';
import { StepError } from './step-error.js';
import type { Expanded, Expansion, RowsPlan } from './step-kind.js';
import { refusedByStep } from './step-refusal.js';
import type { RunStep } from './steps-result.js';
import type { Transformation } from './transformation.js';

/** Compiles a step that gives other rows in place of each row. */
export function compileRowsStep(transformation: Transformation, plan: RowsPlan, target: Column | undefined): RunStep {
  const way = expansionOf(transformation, target);
  return (rows, context, size, onRemoved) => {
    const all: WorkingRow[] = [];
    const take = (index: number) => {
      const row = rows[index];
      if (!row) return null;
      const made = expandedBy(plan, row, context, way);
      if (made instanceof StepError) return failed(transformation, made);
      const expanded = rowsOf(made, transformation);
      if (expanded instanceof RecordMismatches) return expanded;
      if (expanded.length === 0) onRemoved?.();
      for (const one of expanded) all.push(one);
      size.replaceRow(row, expanded.length);
      return boundsRefuse(transformation, all.length, size);
    };
    return eachRow(rows.length, context.work, take, () => all);
  };
}

function expandedBy(plan: RowsPlan, row: WorkingRow, context: StepContext, way: Expansion): Expanded | StepError {
  context.work.begin();
  try {
    return plan.expand(row, context, way);
  } catch (error) {
    return context.work.errorOf(error);
  }
}

function expansionOf({ id: step, onError }: Transformation, target: Column | undefined): Expansion {
  // The values of a created column that a user has disabled are not stored.
  const storedKey = target && isTaken(target) ? target.storedKey : null;
  return { step, target: storedKey, ignoresErrors: onError === 'IGNORE' };
}

function failed(transformation: Transformation, { message }: StepError): RecordMismatches {
  const code = 'TRANSFORMATION_FAILED';
  return refusedByStep(transformation, { code, expected: 'rows', actual: 'none', why: message });
}

function rowsOf(expanded: Expanded, transformation: Transformation): readonly WorkingRow[] | RecordMismatches {
  return expanded === 'TOO_MANY_ROWS' ? tooManyRows(transformation) : expanded;
}

/** Why a record with so many rows, of this size, does not fit; null if it fits. */
function boundsRefuse(transformation: Transformation, rowCount: number, size: RowsSize): RecordMismatches | null {
  if (rowCount > MAX_ROWS_OF_RECORD) return tooManyRows(transformation);
  return size.isOver ? rowsTooLarge(transformation) : null;
}

function tooManyRows(transformation: Transformation): RecordMismatches {
  const expected = `at most ${MAX_ROWS_OF_RECORD} rows`;
  const why = `the record would give more than ${MAX_ROWS_OF_RECORD} rows, which is the most of one record; send fewer elements in a record, or filter them before this step`;
  return refusedByStep(transformation, { code: 'TOO_MANY_ROWS', expected, actual: 'more rows', why });
}
