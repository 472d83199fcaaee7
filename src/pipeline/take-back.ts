import type { CompiledDesign } from '../domain/design/compiled-design.js';
import { IndexSet } from '../domain/job/index-set.js';
import type { JobFaults, LeftInQuarantine } from '../domain/job/job.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import { NONE_REFUSED, RefusalTally } from '../domain/job/refused-records.js';
import { type JoinedJob, outcomeOf, type RecordEffects, releasedBy } from '../domain/load/joined-job.js';
import { recordIdOf } from '../domain/record-id.js';
import type { GroupEnd, LateErrors, LoadedJob } from '../ports/lane.js';
import { RecordStoreError, type RejectedRow } from '../ports/record-store.js';
import type { AnswerBook } from './answers/answer-book.js';
import type { GroupRun } from './group-run.js';
import type { ExaminedJob } from './phases/examine.js';
import { reasonsNeeded } from './phases/examine-task.js';
import type { StoredRecords } from './phases/fetch-stored.js';
import { join } from './phases/join.js';
import type { JoinTarget } from './phases/join-context.js';
import { quarantineRefused } from './phases/quarantine-refused.js';
import { mismatchOfRefusal, shownReason } from './row-mismatch.js';

/** What was loaded, and the rows of it that the record store rejected. */
interface Refused {
  readonly examined: readonly ExaminedJob[];
  readonly joined: readonly JoinedJob[];
  readonly design: CompiledDesign;
  readonly stored: StoredRecords;
  readonly answers: AnswerBook;
  readonly rejected: readonly RejectedRow[];
}

/** Why rows were rejected, by record id. */
type Reasons = ReadonlyMap<string, string>;

/** What a job has lost: the effects of the rejected records, and the job as if it consisted only of them. */
interface LostPart {
  readonly effects: RecordEffects;
  readonly job: JoinedJob;
}

/**
 * Called if the record store permanently rejects rows after the commit point, although they are within all limits: a defect. The store still has these records as they were
 * before the group, so the effects of the whole group on them are taken out of the jobs' counts. The records count as failed and are reported. Pushed records go to
 * quarantine with the store's reason, until it is full; replayed records stay there. A job without any remaining record ends as refused.
 */
export async function takeBack(
  run: GroupRun,
  target: JoinTarget,
  refused: Refused,
): Promise<Pick<GroupEnd, 'takenBack' | 'released'>> {
  const reasons: Reasons = new Map(refused.rejected.map(({ id, reason }) => [recordIdOf(id), reason]));
  const lost = await lostParts(run, target, refused, reasons);
  const parts = lost.map(({ job }) => job);
  const pushes = refused.examined.map(({ push }) => push);
  const quarantined = await quarantineRefused(run, pushes, parts, 'QUARANTINE', () => roomInQuarantine(run));
  const jobs = new Map((run.progress.group.loaded ?? []).map((one) => [one.position, one]));
  const errors = new Map<string, LateErrors>();
  const left: LeftInQuarantine[] = [];
  for (const { effects, job: part } of lost) {
    const { id, position } = part.job;
    const before = jobs.get(position);
    if (!before) continue;
    const {
      faults,
      errors: found,
      left: leftOfJob = [],
    } = outcomeOf(part, 'QUARANTINE', quarantined.get(position) ?? 0);
    left.push(...leftOfJob);
    errors.set(id, { errors: found, hadErrors: before.faults.errorCount > 0 });
    jobs.set(position, without(before, effects, part.refused.indexes, faults));
  }
  const staying = new Set(left.map((one) => one.id));
  const released = refused.joined.flatMap(releasedBy).filter((id) => !staying.has(id));
  const loaded = [...jobs.values()].filter(({ counts }) => counts.failed === 0 || counts.failed < counts.read);
  return {
    released,
    takenBack: { loaded, refused: [...jobs.values()].filter((one) => !loaded.includes(one)), errors, left },
  };
}

/** Joins the jobs again with only the rejected records: their effects are what the jobs have lost. */
async function lostParts(
  run: GroupRun,
  target: JoinTarget,
  { examined, joined: before, design, stored, answers }: Refused,
  reasons: Reasons,
): Promise<readonly LostPart[]> {
  const parts = examined.map((one) => {
    const refusedEarlier = new Set(before.find(({ job }) => job === one.push.job)?.refused.indexes);
    const fitting = one.fitting.filter(({ index, recordId }) => reasons.has(recordId) && !refusedEarlier.has(index));
    return { ...one, fitting, leftOut: [], refused: NONE_REFUSED };
  });
  const { jobs } = await join(run, target, parts, design, { stored, answers });
  return jobs.flatMap((joined, index): LostPart[] => {
    const fitting = parts[index]?.fitting ?? [];
    const superseded = new Set(joined.superseded);
    const needed = reasonsNeeded(joined.job, { mismatchPolicy: 'QUARANTINE' }, run.deps.maxQuarantineRecords);
    const tally = new RefusalTally(needed);
    for (const { index: recordIndex, recordId } of fitting) {
      const reason = reasons.get(recordId) ?? '';
      if (!superseded.has(recordIndex)) tally.add(recordIndex, RecordMismatches.of(mismatchOfRefusal(reason, design)));
    }
    if (tally.count === 0) return [];
    const first = reasons.get(fitting[0]?.recordId ?? '') ?? '';
    report(run, joined, tally.count, shownReason(first, design));
    return [{ effects: joined.effects, job: { ...joined, refused: tally.toRefused(), superseded: [] } }];
  });
}

function report({ deps }: GroupRun, { job }: JoinedJob, count: number, reason: string): void {
  const message = `the record store rejected ${count} records of job ${job.id} after its commit point; the first reason: ${reason}`;
  deps.reportError(new RecordStoreError('REJECTED', message), `writing rows of dataset ${job.datasetId}`);
}

/** How many more records of the group fit into quarantine, in addition to those that its commit point put there. */
async function roomInQuarantine({ deps, progress }: GroupRun): Promise<number> {
  const { quarantine, maxQuarantineRecords } = deps;
  const { datasetId, first, last, loaded } = progress.group;
  const ofLoaded = new Map((loaded ?? []).map(({ position, faults }) => [position, faults.quarantined]));
  const others: number[] = [];
  for (let position = first; position <= last; position += 1) if (!ofLoaded.has(position)) others.push(position);
  let room = maxQuarantineRecords - (await quarantine.countBefore(datasetId, first));
  for (const quarantined of ofLoaded.values()) room -= quarantined;
  return others.length === 0 ? room : room - (await quarantine.countKept(datasetId, others));
}

/** A loaded job without the records at these indexes: subtracts their effects (`taken`), and adds their faults (`more`). */
function without(before: LoadedJob, taken: RecordEffects, indexes: readonly number[], more: JobFaults): LoadedJob {
  const { position, counts, netRows, skipped, faults } = before;
  const { added, updated, unchanged, deleted, rows, unplaced } = taken;
  const left = {
    added: counts.added - added,
    updated: counts.updated - updated,
    unchanged: counts.unchanged - unchanged,
    deleted: counts.deleted - deleted,
    failed: counts.failed + indexes.length,
    rows: counts.rows - rows,
    unplaced: counts.unplaced - unplaced,
  };
  const others = Array.from({ length: counts.read }, (_, index) => index).filter((index) => skipped?.has(index));
  return {
    position,
    counts: { ...counts, ...left },
    netRows: netRows - taken.netRows,
    skipped: IndexSet.of([...others, ...indexes]),
    faults: {
      errorCount: faults.errorCount + more.errorCount,
      mismatchedRecords: faults.mismatchedRecords + more.mismatchedRecords,
      quarantined: faults.quarantined + more.quarantined,
      quarantineCut: faults.quarantineCut + more.quarantineCut,
    },
  };
}
