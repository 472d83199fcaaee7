import type { DocumentUpdateMethod, Mismatch } from '../domain/job/job.js';
import type { ListPage } from './catalog.js';
import type { Lease } from './lane.js';

/** A record that was refused while the others of its push were loaded, kept with the reasons. */
export interface QuarantinedRecord {
  /** `{jobId}:{recordIndex}` */
  readonly id: string;
  readonly datasetId: string;
  readonly jobId: string;
  /** The job's place in its lane. */
  readonly position: number;
  readonly recordIndex: number;
  /** How it was to be written. */
  readonly method: DocumentUpdateMethod;
  /** JSON text, numbers digit for digit. */
  readonly record: string;
  /** What the last replay found, or the push while there was none; empty where that replay found it superseded. */
  readonly errors: readonly Mismatch[];
  readonly quarantinedAt: Date;
  /** A replay found that a later job had written the same identifier, and left it as it is. */
  readonly superseded: boolean;
}

/** Where a record stands in the order of a quarantine. */
export type QuarantinePlace = Pick<QuarantinedRecord, 'position' | 'recordIndex'>;

export interface QuarantineQuery {
  /** Only these; all by default. */
  readonly ids?: readonly string[] | undefined;
  /** A page holds at most so many records and, unless it is a single one, bytes: it may end early, with more after it. */
  readonly first: number;
  readonly maxBytes: number;
  /** The last record of the page before, which need not be there any longer. */
  readonly after?: QuarantinePlace | undefined;
}

/** Records in quarantine. They show once their job is final, and go when they are discarded or a replay has loaded them. */
export interface Quarantine {
  /** A record with more bytes of JSON text cannot be kept. */
  readonly maxRecordBytes: number;
  /** How many records of the dataset are kept from jobs before this position. */
  countBefore(datasetId: string, position: number): Promise<number>;
  /** How many records are kept from the jobs at these positions, also of those that do not show yet. */
  countKept(datasetId: string, positions: readonly number[]): Promise<number>;
  /**
   * Keeps records of jobs that are about to be committed, or are, each in the place of what this run of the lane or an earlier one kept under its id. What a later
   * run has kept stays: so one that lost the lane changes nothing, although no lease is looked at.
   */
  keep(lease: Pick<Lease, 'runToken'>, records: readonly QuarantinedRecord[]): Promise<void>;
  /** In the order of their jobs and their places there. Ids unknown to the dataset are left out. */
  list(datasetId: string, query: QuarantineQuery): Promise<ListPage<QuarantinedRecord>>;
  count(datasetId: string): Promise<number>;
  /** Which of these ids are there. */
  idsThere(datasetId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Removes those of these ids, or all; returns how many. */
  discard(datasetId: string, ids: readonly string[] | undefined): Promise<number>;
}
