import type { Places } from './places.js';
import { isFinal, type JobStatus } from './status.js';

/**
 * REPLAY: of quarantined records. RELOAD: makes a design the applied one, with the stored rows rebuilt where it touches them. REBUILD: makes all rows again
 * from the push log. TRIAL: tries a design on the stored records and changes nothing.
 */
export const JOB_KINDS = ['PUSH', 'DELETE', 'DELETE_ALL', 'RELOAD', 'REPLAY', 'REBUILD', 'TRIAL'] as const;
export type JobKind = (typeof JOB_KINDS)[number];
export type DocumentUpdateMethod = 'UPSERT' | 'REPLACE';

/**
 * Counts of records, one by one in the order they were sent, so that a record that comes twice counts twice. At the end read = added + updated + unchanged +
 * deleted + failed.
 */
export interface JobCounts {
  /** Of a delete by filter those that match, of a DELETE_ALL, a REBUILD, and a RELOAD or TRIAL that goes through stored rows, those that the dataset holds. */
  readonly read: number;
  /** Not stored before; of a RELOAD or REBUILD, those that it leaves. */
  readonly added: number;
  /** Written onto a stored one, whether or not they differ from it; of a RELOAD, those that became the same as another, of a TRIAL those that would. */
  readonly updated: number;
  /** Not applied: deletes of what is not stored, replayed records that are gone from quarantine or superseded, and the records of a TRIAL that fit. */
  readonly unchanged: number;
  readonly deleted: number;
  readonly failed: number;
  /** That the added and updated records gave, one by one; of a RELOAD or REBUILD, those that it leaves. */
  readonly rows: number;
}

export const NO_COUNTS: JobCounts = { read: 0, added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0, rows: 0 };

/** What a job counted when it had this status: nothing before its end. */
export function countsAt(job: Job, status: JobStatus): JobCounts {
  return isFinal(status) ? job.counts : NO_COUNTS;
}

/** The counts of a job that ended in ErrorExit: every record it read failed, whichever of them was at fault. */
export function countsOfRefused(read: number): JobCounts {
  return { ...NO_COUNTS, read, failed: read };
}

/** The closed set of reasons a record is refused for. */
export const JOB_ERROR_CODES = [
  'MISSING_KEY',
  'UNKNOWN_KEY',
  'WRONG_TYPE',
  'NUMBER_OUT_OF_RANGE',
  'INVALID_TEXT',
  'CONVERSION_FAILED',
  'TRANSFORMATION_FAILED',
  'IDENTIFIER_MISSING',
  'IDENTIFIER_REQUIRED',
  'FILTER_DOES_NOT_FIT',
  'ROW_TOO_LARGE',
  'ROW_REFUSED',
  'ATTEMPTS_EXHAUSTED',
] as const;
export type JobErrorCode = (typeof JOB_ERROR_CODES)[number];

/** How a pushed value differs from the sample's structure. */
export interface Mismatch {
  /** JSON Pointer (RFC 6901) into the record; cut after 1,000 characters, with `...` at its end. */
  readonly pointer: string;
  /** The column's id, where the place is one, cut likewise. */
  readonly column?: string;
  /** The id of the transformation that made it, if one did. */
  readonly step?: string;
  readonly code: JobErrorCode;
  readonly message: string;
  /** What the sample asks for, e.g. `NUMERIC`; cut to 200 characters. */
  readonly expected: string;
  /** The value sent, as JSON, cut to 200 characters. */
  readonly actual: string;
}

/**
 * A mismatch of one record of a job. `recordIndex` counts from 0 in the order the records were sent, of a reload in the order of the records' ids; it is
 * null where the job as a whole is at fault.
 */
export interface JobError extends Mismatch {
  readonly recordIndex: number | null;
}

/** OTHERS stands for all kinds beyond the first 1,000. */
export type SummaryCode = JobErrorCode | 'OTHERS';

/** All records of a job that were refused for one kind of reason. */
export interface ErrorSummaryEntry {
  /** JSON Pointer without the indexes of arrays, cut to 1,000 characters; of unknown keys that of the object they stand in. Null for OTHERS. */
  readonly pointer: string | null;
  readonly code: SummaryCode;
  /** The id of the transformation that failed, if one did. */
  readonly step?: string;
  /** All records with such a mismatch, each counted once; 0 where the job as a whole is at fault. */
  readonly records: number;
  /** The lowest indexes of those records, at most 10, ascending. */
  readonly firstIndexes: readonly number[];
  /** The message of the first mismatch of this kind, cut to 1,000 characters. */
  readonly example: string;
}

/** What is kept of a job's errors, beside their numbers. */
export interface JobErrors {
  /** Of the first 100 refused records, at most 10 each, in record order. */
  readonly kept: readonly JobError[];
  /** From the most frequent kind to the rarest, equal ones in the order of their first records; OTHERS comes last. */
  readonly summary: readonly ErrorSummaryEntry[];
}

export const NO_ERRORS: JobErrors = { kept: [], summary: [] };

export interface StatusChange {
  readonly status: JobStatus;
  readonly at: Date;
}

/** How the bytes of an accepted body spell its records; FILTER: a filter that says which records are meant; NONE: there is nothing to say. */
export type PayloadForm = 'ENVELOPE' | 'RECORDS' | 'NDJSON' | 'FILTER' | 'NONE';

/** One entry of the push log: what was accepted, and the ledger of what became of it. */
export interface Job {
  readonly id: string;
  readonly datasetId: string;
  /** Its place in the lane, from 1, without gaps. */
  readonly position: number;
  /** Positions through which the lane was final before the job was accepted, and before it was taken up (if it was): what came first, told by no clock. */
  readonly finalBefore: { readonly acceptance: number; readonly start: number };
  readonly kind: JobKind;
  readonly method: DocumentUpdateMethod;
  readonly status: JobStatus;
  readonly counts: JobCounts;
  /** Every status it has had, in order. */
  readonly history: readonly StatusChange[];
  readonly faults: JobFaults;
  /** How much of the work before its commit point is done, 0 to 1, where its kind tells so; 0 otherwise. */
  readonly progress: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** What holds it up, or the jobs before it, for people; null when nothing does. */
  readonly waitingFor: string | null;
  /** The name of the API key that asked for it. */
  readonly requestedBy: string;
  /** How often a worker took it up; more than 1 after a crash, or while its dataset's rows could not be written. */
  readonly attempts: number;
}

/** A job as a worker takes it from its lane, to load it or to do the same again. */
export interface LaneJob {
  readonly id: string;
  readonly datasetId: string;
  readonly position: number;
  readonly kind: JobKind;
  readonly method: DocumentUpdateMethod;
  readonly payload: PayloadRef;
  readonly recordCount: number;
  readonly acceptedAt: Date;
  /** Of a replay: its records, in their order. */
  readonly replayOf?: readonly ReplayedRecord[];
  /** Of a reload: the design it applies. */
  readonly revision?: number;
  /** Of a trial: the design it tries. */
  readonly triedRevision?: number;
}

/** Whether a job is loaded by itself: whatever is no push and no delete by identifiers. */
export function standsAlone({
  kind,
  payload,
}: {
  readonly kind: JobKind;
  readonly payload: Pick<PayloadRef, 'form'>;
}): boolean {
  return kind !== 'PUSH' && (kind !== 'DELETE' || payload.form === 'FILTER');
}

/** A quarantined record that is to be loaded again. */
export interface ReplayedRecord {
  /** Its id in the quarantine. */
  readonly id: string;
  /** The place in the lane, and the method, of the job it came with. */
  readonly position: number;
  readonly method: DocumentUpdateMethod;
}

/** Where a payload lies and how to read it. */
export interface PayloadRef {
  readonly id: string;
  readonly form: PayloadForm;
  readonly bytes: number;
  readonly parts: number;
}

/** The numbers of a job's mismatches; zeros where there are none. */
export interface JobFaults {
  /** All mismatches found, also those beyond the kept ones. */
  readonly errorCount: number;
  /** Records with at least one mismatch. */
  readonly mismatchedRecords: number;
  /** Of those, the ones kept in quarantine, and the ones there was no room for or that are too large to be kept. */
  readonly quarantined: number;
  readonly quarantineCut: number;
}

export const NO_FAULTS: JobFaults = { errorCount: 0, mismatchedRecords: 0, quarantined: 0, quarantineCut: 0 };

/** What the commit point records of one job. */
export interface JobOutcome {
  readonly kind: 'LOADED' | 'REFUSED';
  readonly jobId: string;
  readonly position: number;
  readonly counts: JobCounts;
  /** By how many rows the dataset grows. */
  readonly netRows: number;
  /** The places of its records that it did not apply; null where it applied all. */
  readonly skipped: Places | null;
  readonly faults: JobFaults;
  readonly errors: JobErrors;
  /** Of a replay: the records that it leaves in quarantine. */
  readonly left?: readonly LeftInQuarantine[];
}

/** A record that a replay left in quarantine, and why. */
export interface LeftInQuarantine {
  /** Its id in the quarantine. */
  readonly id: string;
  /** The replay's own reasons; empty where it is superseded. */
  readonly errors: readonly Mismatch[];
  /** A later job had written its identifier. */
  readonly superseded: boolean;
}
