import { isSliced, type Sliced } from '../at-once.js';
import type { CompiledDesign } from '../design/compiled-design.js';
import type { StoredValues } from '../design/stored-value.js';
import type { WorkingRow } from '../design/working-row.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import type { JsonObject } from '../json/json-value.js';
import type { Need } from '../transform/answers.js';
import type { OnStep } from '../transform/run-steps.js';
import type { RecordContext } from '../transform/step-context.js';
import { isRows, type StepsResult } from '../transform/steps-result.js';
import { WorkMeter } from '../transform/work-meter.js';

/** The result of converting a record under a design. `values`: the values of the sample's columns, which identify the record. */
export type RecordRows =
  /** No rows: the steps of the design remove the record. */
  | {
      readonly kind: 'ROWS';
      readonly values: StoredValues;
      readonly rows: readonly StoredValues[];
      /** Whether an address of the record is nowhere to be found. */
      readonly isUnplaced: boolean;
    }
  | { readonly kind: 'MISMATCHES'; readonly mismatches: RecordMismatches }
  /** Get these from outside, then call again with the answers. */
  | { readonly kind: 'NEEDS'; readonly needs: readonly Need[] };

/**
 * The rows of a complete record under a design. Pure: every load, reload, rebuild, trial and preview calls it, and gets the same rows. The record need not have passed the structure
 * check: a record pushed under an earlier sample may have another shape. That is a mismatch if a column would lose a value. Steps run in slices: see {@link RunSteps}.
 */
export function* recordToRows(
  design: CompiledDesign,
  record: JsonObject,
  context: RecordContext,
  onStep?: OnStep,
): Generator<void, RecordRows> {
  const made = rowsOfRecord(design, record, context, onStep);
  return isSliced(made) ? yield* made : made;
}

/** The same, at once for most records. */
export function rowsOfRecord(
  design: CompiledDesign,
  record: JsonObject,
  context: RecordContext,
  onStep?: OnStep,
): Sliced<RecordRows> {
  const converted = design.convert(record);
  const { mismatches } = converted;
  return mismatches ? { kind: 'MISMATCHES', mismatches } : rowsOfValues(design, converted, context, onStep);
}

/** The same for a record whose values are known. May change them. */
export function rowsOfValues(
  design: CompiledDesign,
  row: WorkingRow,
  context: RecordContext,
  onStep?: OnStep,
): Sliced<RecordRows> {
  const { values } = row;
  if (!design.runSteps) return { kind: 'ROWS', values, rows: [values], isUnplaced: false };
  const { savedAt, answers } = context;
  const ran = design.runSteps(row, { savedAt, answers, places: design.places, work: new WorkMeter() }, onStep);
  // Steps update no unique identifier, so the record is identified by the same values after them.
  return isSliced(ran) ? afterSlices(values, ran) : withSteps(values, ran);
}

function* afterSlices(values: StoredValues, running: Generator<void, StepsResult>): Generator<void, RecordRows> {
  return withSteps(values, yield* running);
}

/** The same for a record under a design without steps, at once. */
export function rowsWithoutSteps(design: CompiledDesign, record: JsonObject): RowsOrMismatches {
  const { values, mismatches } = design.convert(record);
  return mismatches ?? { values, rows: [values], isUnplaced: false };
}

function withSteps(values: StoredValues, result: StepsResult): RecordRows {
  if (isRows(result)) {
    const rows: StoredValues[] = [];
    let isUnplaced = false;
    for (const row of result) {
      rows.push(row.values);
      if (row.isUnplaced) isUnplaced = true;
    }
    return { kind: 'ROWS', values, rows, isUnplaced };
  }
  if (result instanceof RecordMismatches) return { kind: 'MISMATCHES', mismatches: result };
  return { kind: 'NEEDS', needs: result.needs };
}

/** A record's values and rows, for a caller that has all answers. */
export type RowsOrMismatches =
  | Pick<Extract<RecordRows, { kind: 'ROWS' }>, 'values' | 'rows' | 'isUnplaced'>
  | RecordMismatches;

export function rowsOrMismatches(result: RecordRows): RowsOrMismatches {
  switch (result.kind) {
    case 'ROWS':
      return result;
    case 'MISMATCHES':
      return result.mismatches;
    case 'NEEDS':
      throw new TypeError(
        `rows need outside data that was not requested: ${result.needs.map(({ key }) => key).join(', ')}`,
      );
  }
}
