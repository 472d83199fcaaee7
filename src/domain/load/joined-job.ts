import type { MismatchPolicy } from '../design/design.js';
import { ErrorReport } from '../job/error-report.js';
import { IndexSet } from '../job/index-set.js';
import type { LaneJob } from '../job/job.js';
import { countsOfRefused, type JobOutcome, type LeftInQuarantine, type Mismatch, NO_COUNTS } from '../job/job.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import type { RefusedRecords } from '../job/refused-records.js';

/** The effects of a job's records on the dataset: how many records were added, updated and so on, the rows they give, and by how many rows the dataset grows. */
export interface RecordEffects {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly rows: number;
  readonly netRows: number;
  /** How many of the records have an address that is nowhere to be found. */
  readonly unplaced: number;
}

export const NO_EFFECTS: RecordEffects = {
  added: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  rows: 0,
  netRows: 0,
  unplaced: 0,
};

/** A job after its records have been joined with the stored ones. */
export interface JoinedJob {
  readonly job: LaneJob;
  /** How many records it has. */
  readonly read: number;
  /** Why the whole job is refused without examining its records; null otherwise. */
  readonly fault: Mismatch | null;
  readonly refused: RefusedRecords;
  /** Indexes of records that this job no longer loads: not applied, counted as unchanged. */
  readonly leftOut: readonly number[];
  /** Indexes of replayed records whose unique identifiers a later job has written: not applied, counted as unchanged; they stay in quarantine. */
  readonly superseded: readonly number[];
  readonly effects: RecordEffects;
}

/**
 * Whether a job is refused, so that it changes nothing. One refused record refuses a whole delete, and under FAIL a whole push. Other jobs are refused only if every
 * record is refused.
 */
export function isRefused(
  { job, read, fault, refused, leftOut }: Omit<JoinedJob, 'superseded' | 'effects'>,
  policy: MismatchPolicy,
): boolean {
  if (fault) return true;
  if (refused.indexes.length === 0) return false;
  const isWhole = job.kind === 'DELETE' || (job.kind === 'PUSH' && policy === 'FAIL');
  return isWhole || refused.indexes.length === read - leftOut.length;
}

/** Whether a job's refused records go to quarantine. Records that a replay refuses are already there. */
export function isQuarantined({ kind }: LaneJob, policy: MismatchPolicy): boolean {
  return policy === 'QUARANTINE' && kind === 'PUSH';
}

/** What the commit point records about a job. `quarantined`: how many of its refused records went to quarantine. */
export function outcomeOf(joined: JoinedJob, policy: MismatchPolicy, quarantined: number): JobOutcome {
  const { job, read, refused, leftOut, superseded } = joined;
  const mismatchedRecords = refused.indexes.length;
  const quarantineCut = isQuarantined(job, policy) ? mismatchedRecords - quarantined : 0;
  const { errorCount, errors } = errorsOf(joined);
  const faults = { errorCount, mismatchedRecords, quarantined, quarantineCut };
  const common = { jobId: job.id, position: job.position, errors, faults, left: leftInQuarantine(joined) };
  if (isRefused(joined, policy)) {
    return { kind: 'REFUSED', counts: countsOfRefused(read), netRows: 0, skipped: null, ...common };
  }
  const { netRows, ...effects } = joined.effects;
  const unchanged = effects.unchanged + leftOut.length + superseded.length;
  const counts = { ...NO_COUNTS, ...effects, read, unchanged, failed: mismatchedRecords };
  const skipped = IndexSet.of([...refused.indexes, ...leftOut, ...superseded]);
  return { kind: 'LOADED', counts, netRows, skipped, ...common };
}

/** The quarantine ids of the records that a replay loads, so that they leave quarantine. Empty for a refused replay. */
export function releasedBy({ job, refused, leftOut, superseded }: JoinedJob): string[] {
  if (!job.replayOf) return [];
  const left = new Set([...refused.indexes, ...leftOut, ...superseded]);
  return job.replayOf.flatMap(({ id }, index) => (left.has(index) ? [] : [id]));
}

function errorsOf({ fault, refused }: JoinedJob): Pick<RefusedRecords, 'errorCount' | 'errors'> {
  if (!fault) return refused;
  const report = ErrorReport.after(refused.errors, refused.errorCount);
  report.add(null, RecordMismatches.of(fault));
  return { errorCount: report.errorCount, errors: report.toErrors() };
}

/** The records that a replay leaves in quarantine: refused ones with the new reasons, and superseded ones. */
function leftInQuarantine({ job, refused, superseded }: JoinedJob): LeftInQuarantine[] {
  const ofReplay = job.replayOf ?? [];
  const left = refused.indexes.map((index) => ({
    index,
    errors: refused.reasons.get(index) ?? [],
    superseded: false,
  }));
  const all = [...left, ...superseded.map((index) => ({ index, errors: [], superseded: true }))];
  return all.flatMap(({ index, ...why }) => {
    const id = ofReplay[index]?.id;
    return id === undefined ? [] : [{ id, ...why }];
  });
}
