import type { CompiledDesign } from '../design/compiled-design.js';
import type { StoredValues } from '../design/stored-value.js';
import type { RecordMismatches } from '../job/record-mismatches.js';
import type { JsonObject } from '../json/json-value.js';

/** Something that rows depend on and that the record does not hold, by a key that is the same for the same question. */
export interface Need {
  readonly key: string;
}

/** What the outside said, by the keys of {@link Need}. */
export type Answers = ReadonlyMap<string, StoredValues | null>;

export const NO_ANSWERS: Answers = new Map();

/** What rows depend on beside the record and the design. The same whenever the record is loaded again. */
export interface RowsContext {
  /** When the record's job was accepted: the "now" of a design. */
  readonly savedAt: Date;
  readonly answers: Answers;
}

/** What a record gives under a design. `values` are those of the sample's columns, by which the record is identified. */
export type RecordRows =
  | { readonly kind: 'ROWS'; readonly values: StoredValues; readonly rows: readonly StoredValues[] }
  | { readonly kind: 'MISMATCHES'; readonly mismatches: RecordMismatches }
  /** The design leaves the record out. */
  | { readonly kind: 'REMOVED'; readonly values: StoredValues }
  /** Ask for these, then again with the answers. */
  | { readonly kind: 'NEEDS'; readonly needs: readonly Need[] };

/**
 * The rows of a whole record under a design. Pure: every load, reload, rebuild and trial gets a record's rows here, and always the same ones. The record need not
 * have passed the structure check: one that was pushed under an earlier sample may have another shape, which is a mismatch where a column would lose a value by it.
 */
export function recordToRows(design: CompiledDesign, record: JsonObject, context: RowsContext): RecordRows {
  const { values, mismatches } = design.convert(record);
  // Steps update no unique identifier, so the record is identified by the same values after them.
  const faults = mismatches ?? design.runSteps?.(values, context) ?? null;
  return faults ? { kind: 'MISMATCHES', mismatches: faults } : { kind: 'ROWS', values, rows: [values] };
}

/** A record's values and rows, for a caller that has asked for all they need; a record that is left out has no rows. */
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
      throw new TypeError(`rows need what was not asked for: ${result.needs.map(({ key }) => key).join(', ')}`);
  }
}
