import { compiledDesign, type PinnedDesign } from '../design/compiled-design.js';
import type { PayloadForm } from '../job/job.js';
import type { JsonObject } from '../json/json-value.js';
import { checkRecords } from '../push/check-records.js';
import { readPayload } from '../push/payload.js';
import { Examination, type RowBounds } from './examination.js';
import type { ExaminedPayload, ExamineTask } from './examined-payload.js';

/**
 * Examines a payload's records as far as possible without stored data: a record fits and gets its id and rows, or it is refused with the reasons. The function is pure, from
 * plain data to plain data, so that it can run in any thread. Parsing takes about 5 ms for a megabyte, and each record about 5 microseconds.
 */
export function examinePayload(
  bytes: Buffer,
  form: PayloadForm,
  design: PinnedDesign,
  task: ExamineTask,
  bounds: RowBounds,
): ExaminedPayload {
  const examination = new Examination(compiledDesign(design), task, bounds);
  for (const record of recordsOf(bytes, form)) examination.take(record);
  return examination.result();
}

/** The records of a payload from the push log, as they were sent. */
export function recordsOf(bytes: Buffer, form: PayloadForm): readonly JsonObject[] {
  return checkRecords(readPayload(bytes, form), 'data');
}
