import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { IndexSet } from '../../domain/job/index-set.js';
import type { LaneJob, Mismatch } from '../../domain/job/job.js';
import { NONE_REFUSED } from '../../domain/job/refused-records.js';
import type { RowBounds } from '../../domain/load/examination.js';
import type { ExaminedPayload } from '../../domain/load/examined-payload.js';
import { HeldRows } from '../../domain/load/held-rows.js';
import { mismatch } from '../../domain/sample/value-check.js';
import type { ExaminationThreads } from '../../ports/examination-threads.js';
import type { LoadedJob } from '../../ports/lane.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { Quarantine } from '../../ports/quarantine.js';
import { type AheadPushes, NOTHING_AHEAD } from '../ahead.js';
import type { AnswerBook } from '../answers/answer-book.js';
import type { LoadDeps } from '../group-run.js';
import { keptText } from '../record-text.js';
import { rowTooLarge } from '../row-mismatch.js';
import { SMALL_GROUP_BYTES } from '../small-group.js';
import { EncodedPushes } from './encoded-pushes.js';
import { examinePayload } from './examine-payload.js';
import { taskOf } from './examine-task.js';

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
  { committed, answers, ahead = NOTHING_AHEAD, threads = null, onExamined }: Examined,
): Promise<readonly ExaminedJob[]> {
  const examinedAt = new Map<number, ExaminedJob>();
  const bytes = logged.reduce((sum, { payload }) => sum + payload.length, 0);
  const held = new HeldRows(bytes);
  const bounds: RowBounds = {
    held,
    // What passed the commit point is not refused any more.
    check: (rows, source) => (committed ? null : rowTooLarge(rows, keptText(source), records)),
  };
  // An attempt after the commit point examines some records only, and one step takes rows that are not encoded.
  const encoded =
    committed || bytes <= SMALL_GROUP_BYTES
      ? null
      : new EncodedPushes(logged, design, { records, threads, held, maxQuarantineRecords });
  const examineOne = async (push: LoggedPush): Promise<ExaminedJob> => {
    const { job } = push;
    if (needsIdentifier(job) && !design.hasIdentifier)
      return { push, fault: IDENTIFIER_REQUIRED, ...NOTHING_EXAMINED, recordCount: job.recordCount };
    const ofJob = answers.of(job.position);
    const leftOut = committed ? skippedOf(committed, job) : await goneFrom(quarantine, job);
    const task = { ...taskOf(job, design, { leftOut, maxQuarantineRecords }), answers: ofJob.found };
    const examined =
      ahead.get(job.position)?.examined ??
      (await encoded?.take(push)) ??
      (await examinePayload(push, design, task, bounds));
    ofJob.want(examined.needs);
    const examinedJob = { push, fault: null, ...examined };
    onExamined?.(examinedJob);
    return examinedJob;
  };
  let left = logged;
  try {
    do {
      for (const push of left) examinedAt.set(push.job.position, await examineOne(push));
      left = left.filter(({ job }) => answers.of(job.position).isWaiting);
    } while (await answers.lookUp());
  } finally {
    encoded?.stop();
  }
  return logged.flatMap(({ job }) => examinedAt.get(job.position) ?? []);
}

/** What an examination depends on in addition to the payloads and the design. */
interface Examined {
  /** The jobs as their commit points recorded them; null before. */
  readonly committed: readonly LoadedJob[] | null;
  readonly answers: AnswerBook;
  /** What was examined before. */
  readonly ahead?: AheadPushes;
  /** Null to examine everything in this thread. */
  readonly threads?: ExaminationThreads | null;
  /** Called with each job as far as it is examined; again if it is examined again. */
  readonly onExamined?: ((job: ExaminedJob) => void) | undefined;
}

const NOTHING_EXAMINED = { fitting: [], leftOut: [], refused: NONE_REFUSED, needs: [] };

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
