import type { MismatchPolicy } from '../design/design.js';
import { ErrorReport } from '../job/error-report.js';
import type { LaneJob } from '../job/job.js';
import { countsOfRefused, type JobOutcome, type LeftInQuarantine, type Mismatch, NO_COUNTS } from '../job/job.js';
import { Places } from '../job/places.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import type { RefusedRecords } from '../job/refused-records.js';

/** What the records of a job do to the dataset: how many of them do which, the rows they give, and by how many rows the dataset grows. */
export interface RecordEffects {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly rows: number;
  readonly netRows: number;
}

export const NO_EFFECTS: RecordEffects = { added: 0, updated: 0, unchanged: 0, deleted: 0, rows: 0, netRows: 0 };

/** What a job comes to once its records are joined with what is stored. */
export interface JoinedJob {
  readonly job: LaneJob;
  /** How many records it has. */
  readonly read: number;
  /** Why it is refused as a whole, where no record of it was looked at. */
  readonly fault: Mismatch | null;
  readonly refused: RefusedRecords;
  /** Indexes of records that are no longer this job's to load: not applied, counted as unchanged. */
  readonly passedOver: readonly number[];
  /** Indexes of replayed records whose identifier a later job has written: not applied, counted as unchanged, and they stay in quarantine. */
  readonly superseded: readonly number[];
  readonly effects: RecordEffects;
}

/**
 * Whether a job ends without having changed anything. Under FAIL one record at fault refuses the whole push, and always the whole delete; otherwise the job is
 * refused when every record is.
 */
export function isRefused(
  { job, read, fault, refused, passedOver }: Omit<JoinedJob, 'superseded' | 'effects'>,
  policy: MismatchPolicy,
): boolean {
  if (fault) return true;
  if (refused.indexes.length === 0) return false;
  const isWhole = job.kind === 'DELETE' || (job.kind === 'PUSH' && policy === 'FAIL');
  return isWhole || refused.indexes.length === read - passedOver.length;
}

/** Whether its refused records go to quarantine. What a replay refuses is there already. */
export function isQuarantined({ kind }: LaneJob, policy: MismatchPolicy): boolean {
  return policy === 'QUARANTINE' && kind === 'PUSH';
}

/** What the commit point records of it. `quarantined` of its refused records are kept. */
export function outcomeOf(joined: JoinedJob, policy: MismatchPolicy, quarantined: number): JobOutcome {
  const { job, read, refused, passedOver, superseded } = joined;
  const mismatchedRecords = refused.indexes.length;
  const quarantineCut = isQuarantined(job, policy) ? mismatchedRecords - quarantined : 0;
  const { errorCount, errors } = errorsOf(joined);
  const faults = { errorCount, mismatchedRecords, quarantined, quarantineCut };
  const common = { jobId: job.id, position: job.position, errors, faults, left: leftInQuarantine(joined) };
  if (isRefused(joined, policy)) {
    return { kind: 'REFUSED', counts: countsOfRefused(read), netRows: 0, skipped: null, ...common };
  }
  const { netRows, ...effects } = joined.effects;
  const unchanged = effects.unchanged + passedOver.length + superseded.length;
  const counts = { ...NO_COUNTS, ...effects, read, unchanged, failed: mismatchedRecords };
  const skipped = Places.of([...refused.indexes, ...passedOver, ...superseded]);
  return { kind: 'LOADED', counts, netRows, skipped, ...common };
}

/** The quarantine's ids of the records that a replay loads; none of a refused one. */
export function releasedBy({ job, refused, passedOver, superseded }: JoinedJob): string[] {
  if (!job.replayOf) return [];
  const left = new Set([...refused.indexes, ...passedOver, ...superseded]);
  return job.replayOf.flatMap(({ id }, index) => (left.has(index) ? [] : [id]));
}

function errorsOf({ fault, refused }: JoinedJob): Pick<RefusedRecords, 'errorCount' | 'errors'> {
  if (!fault) return refused;
  const report = ErrorReport.after(refused.errors, refused.errorCount);
  report.add(null, RecordMismatches.of(fault));
  return { errorCount: report.errorCount, errors: report.toErrors() };
}

/** What a replay leaves in quarantine: what it refused, for its own reasons, and what is superseded. */
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
