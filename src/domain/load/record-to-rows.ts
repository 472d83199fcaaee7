import type { CompiledDesign } from '../design/compiled-design.js';
import type { StoredValues } from '../design/stored-value.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import type { JsonObject } from '../json/json-value.js';
import type { OnStep } from '../transform/run-steps.js';

/** Outside data that rows depend on. The same question always has the same key. */
export interface Need {
  readonly key: string;
}

/** The outside data, by the keys of {@link Need}. */
export type Answers = ReadonlyMap<string, StoredValues | null>;

export const NO_ANSWERS: Answers = new Map();

/** What rows depend on in addition to the record and the design. It is the same whenever the record is loaded again. */
export interface RowsContext {
  /** When the record's job was accepted: the "now" of a design. */
  readonly savedAt: Date;
  readonly answers: Answers;
}

/** The result of converting a record under a design. `values`: the values of the sample's columns, which identify the record. */
export type RecordRows =
  | { readonly kind: 'ROWS'; readonly values: StoredValues; readonly rows: readonly StoredValues[] }
  | { readonly kind: 'MISMATCHES'; readonly mismatches: RecordMismatches }
  /** The design leaves the record out. */
  | { readonly kind: 'REMOVED'; readonly values: StoredValues }
  /** Get these from outside, then call again with the answers. */
  | { readonly kind: 'NEEDS'; readonly needs: readonly Need[] };

/**
 * The rows of a complete record under a design. Pure: every load, reload, rebuild, trial and preview calls it, and gets the same rows. The record need not have passed the structure
 * check: a record pushed under an earlier sample may have another shape. That is a mismatch if a column would lose a value.
 */
export function recordToRows(
  design: CompiledDesign,
  record: JsonObject,
  context: RowsContext,
  onStep?: OnStep,
): RecordRows {
  const { values, mismatches } = design.convert(record);
  // Steps update no unique identifier, so the record is identified by the same values after them.
  const faults = mismatches ?? design.runSteps?.(values, context, onStep) ?? null;
  return faults ? { kind: 'MISMATCHES', mismatches: faults } : { kind: 'ROWS', values, rows: [values] };
}

/** A record's values and rows, for a caller that has all answers. A removed record has no rows. */
export type RowsOrMismatches = Pick<Extract<RecordRows, { kind: 'ROWS' }>, 'values' | 'rows'> | RecordMismatches;

export function rowsOrMismatches(result: RecordRows): RowsOrMismatches {
  switch (result.kind) {
    case 'ROWS':
      return result;
    case 'MISMATCHES':
      return result.mismatches;
    case 'REMOVED':
      return { values: result.values, rows: [] };
    case 'NEEDS':
      throw new TypeError(
        `rows need outside data that was not requested: ${result.needs.map(({ key }) => key).join(', ')}`,
      );
  }
}
