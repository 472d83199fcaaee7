import type { CompiledDesign, RecordUse } from '../../domain/design/compiled-design.js';
import { IndexSet } from '../../domain/job/index-set.js';
import type { DocumentUpdateMethod, JobKind, LaneJob, Mismatch } from '../../domain/job/job.js';
import { NONE_REFUSED } from '../../domain/job/refused-records.js';
import { Examination, type RowBounds } from '../../domain/load/examination.js';
import type { ExaminedPayload, ExamineTask } from '../../domain/load/examined-payload.js';
import { HeldRows } from '../../domain/load/held-rows.js';
import { isQuarantined } from '../../domain/load/joined-job.js';
import { readRecords } from '../../domain/push/payload.js';
import { mismatch } from '../../domain/sample/value-check.js';
import { NO_ANSWERS } from '../../domain/transform/answers.js';
import { eachInSlices, eachInTurns } from '../../event-loop/turns.js';
import type { LoadedJob } from '../../ports/lane.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { Quarantine } from '../../ports/quarantine.js';
import { type AheadPushes, NOTHING_AHEAD } from '../ahead.js';
import type { AnswerBook } from '../answers/answer-book.js';
import type { LoadDeps } from '../group-run.js';
import { keptText } from '../record-text.js';
import { rowTooLarge } from '../row-mismatch.js';
import { examinePlain } from './examine-plain.js';

/** Spare reasons for records that are too large for the quarantine: one payload cannot have more of them. */
const SPARE_REASONS = 100;

/** A job with its examined records, or with the fault that refuses it before its records are examined. */
export interface ExaminedJob extends ExaminedPayload {
  readonly push: LoggedPush;
  readonly fault: Mismatch | null;
}

/**
 * PUMPING_DATASOURCES: parses the records, checks each against the sample's structure, converts its values, computes its id, and compares its rows with the record store's
 * limits. For jobs that an earlier attempt committed, it skips the records that the commit point left out. If records need outside data, all of it is looked up, and the jobs
 * that have such records are examined again.
 */
export async function examine(
  logged: readonly LoggedPush[],
  design: CompiledDesign,
  { quarantine, maxQuarantineRecords, records }: Pick<LoadDeps, 'quarantine' | 'maxQuarantineRecords' | 'records'>,
  { committed, answers, ahead = NOTHING_AHEAD, onExamined }: Examined,
): Promise<readonly ExaminedJob[]> {
  const examinedAt = new Map<number, ExaminedJob>();
  const bounds: RowBounds = {
    held: new HeldRows(logged.reduce((bytes, { payload }) => bytes + payload.length, 0)),
    // What passed the commit point is not refused any more.
    check: (rows, source) => (committed ? null : rowTooLarge(rows, keptText(source), records)),
  };
  let left = logged;
  do {
    for (const push of left) {
      const { job } = push;
      if (needsIdentifier(job) && !design.hasIdentifier) {
        const fault = { push, fault: IDENTIFIER_REQUIRED, ...NOTHING_EXAMINED, recordCount: job.recordCount };
        examinedAt.set(job.position, fault);
        continue;
      }
      const ofJob = answers.of(job.position);
      const leftOut = committed ? skippedOf(committed, job) : await goneFrom(quarantine, job);
      const task = { ...taskOf(job, design, { leftOut, maxQuarantineRecords }), answers: ofJob.found };
      const examined = ahead.get(job.position)?.examined ?? (await examineInTurns(push, design, task, bounds));
      ofJob.want(examined.needs);
      const examinedJob = { push, fault: null, ...examined };
      examinedAt.set(job.position, examinedJob);
      onExamined?.(examinedJob);
    }
    left = left.filter(({ job }) => answers.of(job.position).isWaiting);
  } while (await answers.lookUp());
  return logged.flatMap(({ job }) => examinedAt.get(job.position) ?? []);
}

/** What an examination depends on in addition to the payloads and the design. */
interface Examined {
  /** The jobs as their commit points recorded them; null before. */
  readonly committed: readonly LoadedJob[] | null;
  readonly answers: AnswerBook;
  /** What was examined before. */
  readonly ahead?: AheadPushes;
  /** Called with each job as far as it is examined; again if it is examined again. */
  readonly onExamined?: ((job: ExaminedJob) => void) | undefined;
}

const NOTHING_EXAMINED = { fitting: [], leftOut: [], refused: NONE_REFUSED, needs: [] };

async function examineInTurns(
  { job, payload }: LoggedPush,
  design: CompiledDesign,
  task: ExamineTask,
  bounds: RowBounds,
): Promise<ExaminedPayload> {
  const plain = await examinePlain({ job, payload }, design, new Examination(design, task, bounds));
  if (plain) return plain;
  const examination = new Examination(design, task, bounds);
  for (const records of readRecords(payload, job.payload.form)) {
    if (design.runSteps) await eachInSlices(records, (record) => examination.take(record));
    else await eachInTurns(records, (record) => void examination.take(record));
  }
  return examination.result();
}

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

/** The indexes of records that the commit point left out. */
function skippedOf(committed: readonly LoadedJob[], job: LaneJob): IndexSet | null {
  return committed.find(({ position }) => position === job.position)?.skipped ?? null;
}

/** The indexes of records that left quarantine after their replay was requested: they were discarded, or another replay has loaded them. */
async function goneFrom(quarantine: Quarantine, { datasetId, replayOf }: LaneJob): Promise<IndexSet | null> {
  if (!replayOf) return null;
  const ids = replayOf.map(({ id }) => id);
  const existing = await quarantine.existingIds(datasetId, ids);
  return IndexSet.of(ids.flatMap((id, index) => (existing.has(id) ? [] : [index])));
}

function needsIdentifier({ kind, method }: LaneJob): boolean {
  return kind === 'DELETE' || (kind === 'PUSH' && method === 'UPSERT');
}

const IDENTIFIER_REQUIRED = mismatch(
  'IDENTIFIER_REQUIRED',
  undefined,
  '',
  'a design with a unique identifier',
  { words: 'a job that finds stored records by a unique identifier' },
  'was loaded under a design without a unique identifier; apply a design that has one, then send it again',
);

/** A replayed upsert stays an upsert if the design has a unique identifier to find its record; otherwise it becomes a new record. */
function useOf(kind: JobKind, method: DocumentUpdateMethod, design: CompiledDesign): RecordUse {
  if (kind === 'DELETE') return 'DELETE';
  return method === 'UPSERT' && design.hasIdentifier ? 'UPSERT' : 'REPLACE';
}
