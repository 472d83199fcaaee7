import type { IndexSet } from './index-set.js';
import { isFinal, type JobStatus } from './status.js';

/**
 * REPLAY: loads quarantined records again. RELOAD: makes a design the applied one, and rebuilds the stored rows that it touches. REBUILD: makes all rows again from the push
 * log. TRIAL: tries a design on the stored records and changes nothing.
 */
export const JOB_KINDS = ['PUSH', 'DELETE', 'DELETE_ALL', 'RELOAD', 'REPLAY', 'REBUILD', 'TRIAL'] as const;
export type JobKind = (typeof JOB_KINDS)[number];
export type DocumentUpdateMethod = 'UPSERT' | 'REPLACE';

/**
 * Counts of records, in the order in which they were sent. A record that was sent twice counts twice. When the job is final, read = added + updated + unchanged + deleted +
 * failed.
 */
export interface JobCounts {
  /** The records of the job. DELETE by filter: the records that match. DELETE_ALL, REBUILD, and a RELOAD or TRIAL that reads stored rows: all records of the dataset. */
  readonly read: number;
  /** Records that were not stored before. RELOAD and REBUILD: the records that the dataset has afterwards. */
  readonly added: number;
  /** Records written over a stored one, even if they are equal. RELOAD: records that became the same as another one. TRIAL: records that would become the same. */
  readonly updated: number;
  /** Records that were not applied: deletes of records that are not stored, replayed records that left quarantine or are superseded, and fitting records of a TRIAL. */
  readonly unchanged: number;
  readonly deleted: number;
  readonly failed: number;
  /** The rows that the added and updated records gave. RELOAD and REBUILD: the rows that the dataset has afterwards. */
  readonly rows: number;
  /** Those of the loaded records that have an address which a geolocation cannot place. Its point is null. */
  readonly unplaced: number;
}

export const NO_COUNTS: JobCounts = {
  read: 0,
  added: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  failed: 0,
  rows: 0,
  unplaced: 0,
};

/** The counts of a job when it had this status: zeros until it is final. */
export function countsAt(job: Job, status: JobStatus): JobCounts {
  return isFinal(status) ? job.counts : NO_COUNTS;
}

/** The counts of a job that ended in ERROR_EXIT: every record counts as failed, also records that were not at fault. */
export function countsOfRefused(read: number): JobCounts {
  return { ...NO_COUNTS, read, failed: read };
}

/** The closed set of reasons for refusing a record or a whole job. */
export const JOB_ERROR_CODES = [
  'MISSING_KEY',
  'UNKNOWN_KEY',
  'WRONG_TYPE',
  'NUMBER_OUT_OF_RANGE',
  'INVALID_TEXT',
  'CONVERSION_FAILED',
  'TRANSFORMATION_FAILED',
  'TOO_MANY_ROWS',
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
  /** The column's id, if the fault is in a column; cut like `pointer`. */
  readonly column?: string;
  /** The id of the transformation that failed, if one did. */
  readonly step?: string;
  readonly code: JobErrorCode;
  readonly message: string;
  /** What the sample asks for, e.g. `NUMERIC`; cut to 200 characters. */
  readonly expected: string;
  /** The value sent, as JSON, cut to 200 characters. */
  readonly actual: string;
}

/**
 * A mismatch of one record of a job. `recordIndex` counts from 0 in the order in which the records were sent; in a reload, in the order of their ids. It is null if the whole
 * job is at fault.
 */
export interface JobError extends Mismatch {
  readonly recordIndex: number | null;
}

/** OTHERS stands for all kinds beyond the first 1,000. */
export type SummaryCode = JobErrorCode | 'OTHERS';

/** The records of a job that were refused for one kind of reason. */
export interface ErrorSummaryEntry {
  /** JSON Pointer without array indexes, cut to 1,000 characters. For unknown keys, the pointer of the object that has them. Null for OTHERS. */
  readonly pointer: string | null;
  readonly code: SummaryCode;
  /** The id of the transformation that failed, if one did. */
  readonly step?: string;
  /** How many records have such a mismatch, each counted once; 0 if the whole job is at fault. */
  readonly records: number;
  /** The lowest indexes of those records, at most 10, ascending. */
  readonly firstIndexes: readonly number[];
  /** The message of the first mismatch of this kind, cut to 1,000 characters. */
  readonly example: string;
}

/** The errors of a job that are kept, in addition to their counts. */
export interface JobErrors {
  /** The errors of the first 100 refused records, at most 10 each, in record order. */
  readonly kept: readonly JobError[];
  /** The most frequent kind first, equally frequent kinds in the order of their first records; OTHERS comes last. */
  readonly summary: readonly ErrorSummaryEntry[];
}

export const NO_ERRORS: JobErrors = { kept: [], summary: [] };

export interface StatusChange {
  readonly status: JobStatus;
  readonly at: Date;
}

/** How the bytes of an accepted body contain its records. FILTER: a filter that selects stored records. NONE: the job needs no body. */
export type PayloadForm = 'ENVELOPE' | 'RECORDS' | 'NDJSON' | 'FILTER' | 'NONE';

/** One entry of the push log: what was accepted, and what has happened to it since. */
export interface Job {
  readonly id: string;
  readonly datasetId: string;
  /** Its offset in the lane, from 1, without gaps. */
  readonly position: number;
  /** All jobs up to and including these positions were final before this job was accepted, and before it was started. They order events without a clock. */
  readonly finalBefore: { readonly acceptance: number; readonly start: number };
  readonly kind: JobKind;
  readonly method: DocumentUpdateMethod;
  readonly status: JobStatus;
  readonly counts: JobCounts;
  /** Every status it has had, in order. */
  readonly history: readonly StatusChange[];
  readonly faults: JobFaults;
  /** How much of the work before its commit point is done, 0 to 1; 0 for kinds of jobs that do not report it. */
  readonly progress: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why this job, or a job before it, waits, as text for users; null if none waits. */
  readonly waitingFor: string | null;
  /** The name of the API key that requested it. */
  readonly requestedBy: string;
  /** How many times a worker started it; more than 1 after a crash, or if its dataset's rows could not be written for some time. */
  readonly attempts: number;
}

/** A job as a worker reads it from its lane, to load it or to load it again. */
export interface LaneJob {
  readonly id: string;
  readonly datasetId: string;
  readonly position: number;
  readonly kind: JobKind;
  readonly method: DocumentUpdateMethod;
  readonly payload: PayloadRef;
  readonly recordCount: number;
  readonly acceptedAt: Date;
  /** REPLAY: its records, in order. */
  readonly replayOf?: readonly ReplayedRecord[];
  /** RELOAD: the revision of the design that it applies. */
  readonly revision?: number;
  /** TRIAL: the revision of the design that it tries. */
  readonly triedRevision?: number;
}

/** Whether a job is a push that only adds records, unless the design has a unique identifier. */
export function isNewPush({ kind, method, replayOf }: Pick<LaneJob, 'kind' | 'method' | 'replayOf'>): boolean {
  return kind === 'PUSH' && method === 'REPLACE' && !replayOf;
}

/** Whether a job is loaded in its own group: every job except pushes and deletes by identifiers. */
export function standsAlone({
  kind,
  payload,
}: {
  readonly kind: JobKind;
  readonly payload: Pick<PayloadRef, 'form'>;
}): boolean {
  return kind !== 'PUSH' && (kind !== 'DELETE' || payload.form === 'FILTER');
}

/** A quarantined record to load again. */
export interface ReplayedRecord {
  /** Its id in the quarantine. */
  readonly id: string;
  /** The position and the method of the job that pushed it. */
  readonly position: number;
  readonly method: DocumentUpdateMethod;
}

/** Where a payload is stored and how to read it. */
export interface PayloadRef {
  readonly id: string;
  readonly form: PayloadForm;
  readonly bytes: number;
  /** How many parts it is stored in; 0 if it is small and stored with its job. */
  readonly parts: number;
}

/** The counts of a job's mismatches. */
export interface JobFaults {
  /** All mismatches found, including those that are not kept. */
  readonly errorCount: number;
  /** Records with at least one mismatch. */
  readonly mismatchedRecords: number;
  /** How many of those records went to quarantine. */
  readonly quarantined: number;
  /** How many of those records are not in quarantine, because it was full or they are too large. */
  readonly quarantineCut: number;
}

export const NO_FAULTS: JobFaults = { errorCount: 0, mismatchedRecords: 0, quarantined: 0, quarantineCut: 0 };

/** What the commit point records about one job. */
export interface JobOutcome {
  readonly kind: 'LOADED' | 'REFUSED';
  readonly jobId: string;
  readonly position: number;
  readonly counts: JobCounts;
  /** By how many rows the dataset grows. */
  readonly netRows: number;
  /** The indexes of the records that it did not apply; null if it applied all. */
  readonly skipped: IndexSet | null;
  readonly faults: JobFaults;
  readonly errors: JobErrors;
  /** REPLAY: the records that it leaves in quarantine. */
  readonly left?: readonly LeftInQuarantine[];
}

/** A record that a replay left in quarantine, and why. */
export interface LeftInQuarantine {
  /** Its id in the quarantine. */
  readonly id: string;
  /** The reasons that the replay found; empty if the record is superseded. */
  readonly errors: readonly Mismatch[];
  /** Whether a later job had written a record with the same unique identifiers. */
  readonly superseded: boolean;
}
