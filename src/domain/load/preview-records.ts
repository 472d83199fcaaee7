import type { Column } from '../design/column.js';
import type { CompiledDesign } from '../design/compiled-design.js';
import { publicValue, publicValues } from '../design/public-values.js';
import type { WorkingRow } from '../design/working-row.js';
import type { Mismatch } from '../job/job.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import type { JsonObject } from '../json/json-value.js';
import type { Need } from '../transform/answers.js';
import type { OnStep, StepOutcome } from '../transform/run-steps.js';
import type { RecordContext } from '../transform/step-context.js';
import { recordToRows, rowsOrMismatches } from './record-to-rows.js';
import { ShownSize } from './shown-size.js';

/** Values by column id, as queries show them. */
export type ShownValues = Record<string, unknown>;

/** A preview shows this many rows of a record after each step. */
const MAX_ROWS_AFTER_STEP = 10;
/** A preview shows this many final rows of a record. */
const MAX_FINAL_ROWS = 100;

/** A record after one step. */
export interface PreviewedStep {
  readonly transformation: string;
  /** Its display name. */
  readonly name: string;
  /** The values of the first row, with arrays of objects; null if there is no row. */
  readonly values: ShownValues | null;
  /** The first 10 rows. */
  readonly rows: readonly ShownValues[];
  readonly rowCount: number;
}

/** Rows that a step has removed, and why. */
export interface PreviewedRemoval {
  readonly transformation: string;
  /** Its display name. */
  readonly name: string;
  readonly rowCount: number;
  readonly reason: string;
}

/** What a load would make of a record under a design. */
export interface PreviewedRecord {
  readonly index: number;
  /** The steps that ran, in order. */
  readonly steps: readonly PreviewedStep[];
  /** The first 100 rows that would be stored; none if it does not fit. */
  readonly rows: readonly ShownValues[];
  readonly rowCount: number;
  readonly removed: readonly PreviewedRemoval[];
  /** Why it does not fit: the first 10 reasons. */
  readonly errors: readonly Mismatch[];
}

/**
 * Returns a function that shows step by step what a load would do with a record that is pushed with REPLACE. It runs in slices. Stores nothing. Throws BAD_REQUEST once all calls
 * together show more than {@link MAX_SHOWN_CHARACTERS}.
 */
export function startPreview(
  design: CompiledDesign,
  context: RecordContext,
): (record: JsonObject, index: number) => Generator<void, PreviewedRecord> {
  const size = new ShownSize();
  return function* preview(record, index) {
    return { index, ...(yield* previewRecord(design, record, context, size)) };
  };
}

/** The outside data that records need in addition to the answers of the context, before they can be previewed. Found in slices. */
export function* needsOfPreview(
  design: CompiledDesign,
  records: readonly JsonObject[],
  context: RecordContext,
): Generator<void, readonly Need[]> {
  const needs: Need[] = [];
  for (const sent of records) {
    if (design.check(sent, 'REPLACE')) continue;
    const result = yield* recordToRows(design, design.prune(sent), context);
    if (result.kind === 'NEEDS') needs.push(...result.needs);
    yield;
  }
  return needs;
}

function* previewRecord(
  design: CompiledDesign,
  sent: JsonObject,
  context: RecordContext,
  size: ShownSize,
): Generator<void, Omit<PreviewedRecord, 'index'>> {
  const { columns, transformations } = design.design;
  const faults = design.check(sent, 'REPLACE');
  if (faults) return { ...NOTHING, errors: faults.kept };
  const record = design.prune(sent);
  const steps: PreviewedStep[] = [];
  const removed: PreviewedRemoval[] = [];
  const onStep: OnStep = (outcome) => {
    const { transformation } = outcome;
    const name = transformations.find(({ id }) => id === transformation)?.name ?? '';
    steps.push({ transformation, name, ...shownRows(columns, outcome, size) });
    if (outcome.removed)
      removed.push({ transformation, name, rowCount: outcome.removed.count, reason: outcome.removed.reason });
  };
  const found = rowsOrMismatches(yield* recordToRows(design, record, context, onStep));
  if (found instanceof RecordMismatches) return { ...NOTHING, steps, removed, errors: found.kept };
  const { fault } = design.identify(found.values, record);
  if (fault) return { ...NOTHING, errors: [fault] };
  const rows = found.rows.slice(0, MAX_FINAL_ROWS).map((row) => {
    const shown = publicValues(columns, row);
    size.add(shown, 1);
    return shown;
  });
  return { steps, removed, rows, rowCount: found.rows.length, errors: [] };
}

const NOTHING: Omit<PreviewedRecord, 'index'> = { steps: [], rows: [], rowCount: 0, removed: [], errors: [] };

function shownRows(
  columns: readonly Column[],
  { rows }: StepOutcome,
  size: ShownSize,
): Pick<PreviewedStep, 'values' | 'rows' | 'rowCount'> {
  const shown = rows.slice(0, MAX_ROWS_AFTER_STEP).map((row, index) => {
    const state = stateOf(columns, row);
    // The first row is shown also as the values of the step.
    size.add(state, index === 0 ? 2 : 1);
    return state;
  });
  return { values: shown[0] ?? null, rows: shown, rowCount: rows.length };
}

/** The values of a row between two steps: also those of arrays of objects, and of columns that a later step removes. */
function stateOf(columns: readonly Column[], { values, arrays }: WorkingRow): ShownValues {
  const shown = publicValues(columns, values);
  for (const { id, storedKey, enabled } of columns) {
    const array = arrays?.[storedKey];
    if (array) shown[id] = array.elements;
    else if (!enabled && values[storedKey] !== undefined) shown[id] = publicValue(values[storedKey]);
  }
  return shown;
}
