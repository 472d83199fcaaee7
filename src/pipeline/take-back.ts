import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { JobError, JobOutcome } from '../domain/job/job.js';
import { Places } from '../domain/job/places.js';
import { recordIdOf } from '../domain/record-id.js';
import type { GroupEnd, LoadedJob } from '../ports/lane.js';
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

/**
 * The record store will never take some rows of a group, though all its limits were kept: a defect, found behind the commit point. The record store has what it had of
 * those records before the group. So everything the group did to them is taken out of its jobs' counts: they are counted failed, reported, and the pushed ones
 * put into quarantine with the record store's reason, where replayed ones stay.
 */
export async function takeBack(
  run: GroupRun,
  target: Target,
  refused: Refused,
): Promise<Pick<GroupEnd, 'takenBack' | 'released'>> {
  const { quarantine, clock, reportError } = run.deps;
  const reasons = new Map(refused.rejected.map(({ id, reason }) => [recordIdOf(id), reason]));
  const counted = refused.work.map((inWork) => only(inWork, reasons));
  await join(run, target, counted, refused.design, refused.stored);
  const errors = new Map<string, readonly JobError[]>();
  const loaded = new Map((run.progress.group.loaded ?? []).map((one) => [one.position, one]));
  const staying = new Set<string>();
  for (const inWork of counted) {
    const { job, given } = inWork;
    const before = loaded.get(job.position);
    if (given.length === 0 || !before) continue;
    const counts = inWork.outcome();
    for (const { index, recordId } of given)
      inWork.refuseRecord(index, [mismatchOfRefusal(reasons.get(recordId) ?? '')]);
    const kept = job.kind === 'PUSH' ? inWork.toQuarantine(given.length, quarantine.maxRecordBytes, clock.now()) : [];
    await quarantine.keep(run.held.lease, kept);
    for (const { index } of given) staying.add(job.replayOf?.[index]?.id ?? '');
    errors.set(job.id, inWork.outcome().errors);
    loaded.set(
      job.position,
      without(
        before,
        counts,
        given.map(({ index }) => index),
        kept.length,
      ),
    );
    const message = `job ${job.id} has lost ${given.length} records to the record store: ${[...reasons.values()][0]}`;
    reportError(new RecordStoreError('REJECTED', message), `writing rows of dataset ${job.datasetId}`);
  }
  const released = refused.work.flatMap((inWork) => inWork.released()).filter((id) => !staying.has(id));
  return { released, takenBack: { loaded: [...loaded.values()], errors } };
}

/** A job with these of its records alone. */
function only(inWork: JobInWork, recordIds: ReadonlyMap<string, string>): JobInWork {
  const part = new JobInWork(inWork.job, inWork.records, 'QUARANTINE');
  for (const given of inWork.given) if (recordIds.has(given.recordId)) part.given.push(given);
  return part;
}

/** A loaded job without records that counted so much. */
function without(
  { position, counts, netRows, skipped, faults }: LoadedJob,
  taken: JobOutcome,
  places: readonly number[],
  quarantined: number,
): LoadedJob {
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
      ...faults,
      errorCount: faults.errorCount + places.length,
      mismatchedRecords: faults.mismatchedRecords + places.length,
      quarantined: faults.quarantined + quarantined,
    },
  };
}
