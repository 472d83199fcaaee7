import type { CompiledDesign, RecordUse } from '../../domain/design/compiled-design.js';
import type { IndexSet } from '../../domain/job/index-set.js';
import type { DocumentUpdateMethod, JobKind, LaneJob } from '../../domain/job/job.js';
import type { ExamineTask } from '../../domain/load/examined-payload.js';
import { isQuarantined } from '../../domain/load/joined-job.js';
import { NO_ANSWERS } from '../../domain/transform/answers.js';

/** Spare reasons for records that are too large for the quarantine: one payload cannot have more of them. */
const SPARE_REASONS = 100;

/** How to examine the records of a job that need no outside data. */
export function taskOf(
  job: LaneJob,
  design: CompiledDesign,
  { leftOut, maxQuarantineRecords }: { readonly leftOut: IndexSet | null; readonly maxQuarantineRecords: number },
): ExamineTask {
  const { kind, method, position, acceptedAt: savedAt, replayOf } = job;
  const use = replayOf?.map((one) => useOf(kind, one.method, design)) ?? useOf(kind, method, design);
  const maxReasons = reasonsNeeded(job, design, maxQuarantineRecords);
  return { position, savedAt, use, leftOut: leftOut?.bits ?? null, maxReasons, answers: NO_ANSWERS };
}

/** For how many refused records the reasons are kept one by one. Only quarantine needs them; a payload may have millions of refused records. */
export function reasonsNeeded(
  job: LaneJob,
  { mismatchPolicy }: Pick<CompiledDesign, 'mismatchPolicy'>,
  maxQuarantineRecords: number,
): number {
  if (job.replayOf) return Number.POSITIVE_INFINITY;
  return isQuarantined(job, mismatchPolicy) ? maxQuarantineRecords + SPARE_REASONS : 0;
}

/** A replayed upsert stays an upsert if the design has a unique identifier to find its record; otherwise it becomes a new record. */
function useOf(kind: JobKind, method: DocumentUpdateMethod, design: CompiledDesign): RecordUse {
  if (kind === 'DELETE') return 'DELETE';
  return method === 'UPSERT' && design.hasIdentifier ? 'UPSERT' : 'REPLACE';
}
