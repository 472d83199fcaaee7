import type { DocumentUpdateMethod, Mismatch } from '../domain/job/job.js';
import type { ListPage } from './catalog.js';
import type { Lease } from './lane.js';

/** A record that was refused while other records of its push were loaded, with the reasons. */
export interface QuarantinedRecord {
  /** `{jobId}:{recordIndex}` */
  readonly id: string;
  readonly datasetId: string;
  readonly jobId: string;
  /** The position of the job in its lane. */
  readonly position: number;
  readonly recordIndex: number;
  /** The method with which it was pushed. */
  readonly method: DocumentUpdateMethod;
  /** The record as JSON text; numbers keep all digits. */
  readonly record: string;
  /** The errors of the last replay or, if it was never replayed, of the push; empty if the last replay found it superseded. */
  readonly errors: readonly Mismatch[];
  readonly quarantinedAt: Date;
  /** Whether a replay skipped it because a later job has written or deleted a record with the same unique identifiers. */
  readonly superseded: boolean;
}

/** The place of a record in the order of a quarantine. */
export type QuarantinePlace = Pick<QuarantinedRecord, 'position' | 'recordIndex'>;

export interface QuarantineQuery {
  /** Only the records with these ids; all by default. */
  readonly ids?: readonly string[] | undefined;
  /** A page has at most so many records, and at most `maxBytes` unless it has a single record: it may end early although more follow. */
  readonly first: number;
  readonly maxBytes: number;
  /** The last record of the previous page, which may no longer exist. */
  readonly after?: QuarantinePlace | undefined;
}

/** Records in quarantine. They become visible once their job is final, and are removed when they are discarded or a replay has loaded them. */
export interface Quarantine {
  /** A record with more bytes of JSON text cannot be stored. */
  readonly maxRecordBytes: number;
  /** How many records of the dataset are stored from jobs before this position. */
  countBefore(datasetId: string, position: number): Promise<number>;
  /** How many records are stored from the jobs at these positions, including those that are not visible yet. */
  countKept(datasetId: string, positions: readonly number[]): Promise<number>;
  /**
   * Stores records of jobs that are committed or about to be. Each replaces what this run of the lane or an earlier one stored under its id. What a later run has stored
   * stays, so a run that lost the lane changes nothing, although no lease is compared.
   */
  keep(lease: Pick<Lease, 'runToken'>, records: readonly QuarantinedRecord[]): Promise<void>;
  /** Lists records in the order in which they were pushed. Ids that the dataset does not have are left out. */
  list(datasetId: string, query: QuarantineQuery): Promise<ListPage<QuarantinedRecord>>;
  count(datasetId: string): Promise<number>;
  /** Which of these ids exist. */
  existingIds(datasetId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Removes the records with these ids, or all; returns how many. */
  discard(datasetId: string, ids: readonly string[] | undefined): Promise<number>;
}
