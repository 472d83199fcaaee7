import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { Examination, type RowBounds } from '../../domain/load/examination.js';
import type { ExaminedPayload, ExamineTask } from '../../domain/load/examined-payload.js';
import { readRecords } from '../../domain/push/payload.js';
import { eachInSlices, eachInTurns } from '../../event-loop/turns.js';
import { examinePlain, type SentPayload } from './examine-plain.js';

/** Examines the records of a payload, in turns of the event loop. */
export async function examinePayload(
  { job, payload }: SentPayload,
  design: CompiledDesign,
  task: ExamineTask,
  bounds: RowBounds,
): Promise<ExaminedPayload> {
  const begin = () => new Examination(design, task, bounds);
  const plain = await examinePlain({ job, payload }, design, begin);
  if (plain) return plain;
  const examination = begin();
  for (const records of readRecords(payload, job.payload.form)) {
    if (design.runSteps) await eachInSlices(records, (record) => examination.take(record));
    else await eachInTurns(records, (record) => void examination.take(record));
  }
  return examination.result();
}
