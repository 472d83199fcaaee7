import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { JobFaults, JobOutcome, LeftInQuarantine } from '../domain/job/job.js';
import { Places } from '../domain/job/places.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import { recordIdOf } from '../domain/record-id.js';
import type { GroupEnd, LateErrors, LoadedJob } from '../ports/lane.js';
import { RecordStoreError, type RejectedRow } from '../ports/record-store.js';
import type { GroupRun } from './group-run.js';
import { JobInWork } from './job-in-work.js';
import type { StoredRecords } from './phases/fetch-stored.js';
import { join, type Target } from './phases/join.js';
import { mismatchOfRefusal } from './row-mismatch.js';

/** What was loaded, and what of it the record store refuses. */
interface Refused {
  readonly work: readonly JobInWork[];
  readonly design: CompiledDesign;
  readonly stored: StoredRecords;
  readonly rejected: readonly RejectedRow[];
}

/** By the refused records' ids. */
type Reasons = ReadonlyMap<string, string>;

/**
 * The record store will never take some rows of a group, though all its limits were kept: a defect, found after the commit point. The record store has what it had of
 * those records before the group. So everything the group did to them is taken out of its jobs' counts: they are counted failed, reported, and the pushed ones
 * put into quarantine with the record store's reason, as many as there is room for; replayed ones stay there. A job of which nothing is left ends as a refused
 * one.
 */
export async function takeBack(
  run: GroupRun,
  target: Target,
  refused: Refused,
): Promise<Pick<GroupEnd, 'takenBack' | 'released'>> {
  const reasons: Reasons = new Map(refused.rejected.map(({ id, reason }) => [recordIdOf(id), reason]));
  const parts = refused.work.map((inWork) => only(run, inWork, reasons));
  await join(run, target, parts, refused.design, refused.stored);
  const errors = new Map<string, LateErrors>();
  const jobs = new Map((run.progress.group.loaded ?? []).map((one) => [one.position, one]));
  const left: LeftInQuarantine[] = [];
  let room: number | undefined;
  for (const part of parts) {
    const { job, given } = part;
    const before = jobs.get(job.position);
    if (given.length === 0 || !before) continue;
    const applied = part.outcome();
    refuseAll(run, part, reasons);
    if (part.mayQuarantine) {
      room ??= await roomInQuarantine(run);
      room -= await keep(run, part, room);
    }
    const { faults, errors: found, left: leftOfJob = [] } = part.outcome();
    left.push(...leftOfJob);
    errors.set(job.id, { errors: found, hadErrors: before.faults.errorCount > 0 });
    const places = given.map(({ index }) => index);
    jobs.set(job.position, without(before, applied, places, faults));
  }
  const staying = new Set(left.map(({ id }) => id));
  const released = refused.work.flatMap((inWork) => inWork.released()).filter((id) => !staying.has(id));
  const loaded = [...jobs.values()].filter(({ counts }) => counts.failed === 0 || counts.failed < counts.read);
  return {
    released,
    takenBack: { loaded, refused: [...jobs.values()].filter((one) => !loaded.includes(one)), errors, left },
  };
}

/** A job with these of its records alone. */
function only({ deps }: GroupRun, inWork: JobInWork, recordIds: Reasons): JobInWork {
  const part = new JobInWork(inWork.job, inWork.records, 'QUARANTINE', deps.maxQuarantineRecords);
  for (const given of inWork.given) if (recordIds.has(given.recordId)) part.given.push(given);
  return part;
}

/** Refuses all records of a job's part, and reports it. */
function refuseAll({ deps }: GroupRun, part: JobInWork, reasons: Reasons): void {
  const { job, given } = part;
  const reasonOf = (recordId: string | undefined) => reasons.get(recordId ?? '') ?? '';
  for (const { index, recordId } of given)
    part.refuseRecord(index, RecordMismatches.of(mismatchOfRefusal(reasonOf(recordId))));
  const [first] = given;
  const message = `job ${job.id} has lost ${given.length} records to the record store, the first for: ${reasonOf(first?.recordId)}`;
  deps.reportError(new RecordStoreError('REJECTED', message), `writing rows of dataset ${job.datasetId}`);
}

/** How many records more the quarantine takes of the group's, beside those that were refused before its commit point. */
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

/** Returns how many records of a job's part it has put into quarantine. */
async function keep({ deps, held }: GroupRun, part: JobInWork, room: number): Promise<number> {
  const { quarantine, clock } = deps;
  const kept = part.toQuarantine(room, quarantine.maxRecordBytes, clock.now());
  await quarantine.keep(held.lease, kept);
  return kept.length;
}

/** A loaded job without the records at these places, which had counted so much and are at fault now. */
function without(before: LoadedJob, taken: JobOutcome, places: readonly number[], more: JobFaults): LoadedJob {
  const { position, counts, netRows, skipped, faults } = before;
  const { added, updated, unchanged, deleted, rows } = taken.counts;
  const left = {
    added: counts.added - added,
    updated: counts.updated - updated,
    unchanged: counts.unchanged - unchanged,
    deleted: counts.deleted - deleted,
    failed: counts.failed + places.length,
    rows: counts.rows - rows,
  };
  const others = Array.from({ length: counts.read }, (_, place) => place).filter((place) => skipped?.has(place));
  return {
    position,
    counts: { ...counts, ...left },
    netRows: netRows - taken.netRows,
    skipped: Places.of([...others, ...places]),
    faults: {
      errorCount: faults.errorCount + more.errorCount,
      mismatchedRecords: faults.mismatchedRecords + more.mismatchedRecords,
      quarantined: faults.quarantined + more.quarantined,
      quarantineCut: faults.quarantineCut + more.quarantineCut,
    },
  };
}
