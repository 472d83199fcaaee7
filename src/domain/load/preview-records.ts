import type { CompiledDesign } from '../design/compiled-design.js';
import { publicValues } from '../design/convert-record.js';
import type { Mismatch } from '../job/job.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import type { JsonObject } from '../json/json-value.js';
import type { OnStep } from '../transform/run-steps.js';
import { NO_ANSWERS, recordToRows, rowsOrMismatches } from './record-to-rows.js';

/** Values by column id, as queries show them. */
export type ShownValues = Record<string, unknown>;

/** What a load would make of a record under a design. */
export interface PreviewedRecord {
  readonly index: number;
  /** The values after each step that ran, in order. */
  readonly steps: readonly { readonly transformation: string; readonly values: ShownValues }[];
  /** The rows that would be stored; none if it does not fit. */
  readonly rows: readonly ShownValues[];
  /** Why it does not fit: the first 10 reasons. */
  readonly errors: readonly Mismatch[];
}

/** Shows step by step what a load would do with records that are pushed with REPLACE. Stores nothing. */
export function previewRecords(
  design: CompiledDesign,
  records: readonly JsonObject[],
  savedAt: Date,
): PreviewedRecord[] {
  return records.map((record, index) => ({ index, ...previewRecord(design, record, savedAt) }));
}

function previewRecord(design: CompiledDesign, sent: JsonObject, savedAt: Date): Omit<PreviewedRecord, 'index'> {
  const { columns } = design.design;
  const faults = design.check(sent, 'REPLACE');
  if (faults) return refused(faults, []);
  const record = design.prune(sent);
  const steps: PreviewedRecord['steps'][number][] = [];
  const onStep: OnStep = (transformation, row) => steps.push({ transformation, values: publicValues(columns, row) });
  const found = rowsOrMismatches(recordToRows(design, record, { savedAt, answers: NO_ANSWERS }, onStep));
  if (found instanceof RecordMismatches) return refused(found, steps);
  const { fault } = design.identify(found.values, record);
  if (fault) return { steps: [], rows: [], errors: [fault] };
  return { steps, rows: found.rows.map((row) => publicValues(columns, row)), errors: [] };
}

function refused({ kept }: RecordMismatches, steps: PreviewedRecord['steps']): Omit<PreviewedRecord, 'index'> {
  return { steps, rows: [], errors: kept };
}
