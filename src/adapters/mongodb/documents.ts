import type { Binary } from 'mongodb';
import type { Connection } from '../../domain/connection.js';
import type { Column, Design } from '../../domain/design/design.js';
import type {
  DocumentUpdateMethod,
  JobCounts,
  JobErrors,
  JobFaults,
  JobKind,
  PayloadRef,
  ReplayedRecord,
} from '../../domain/job/job.js';
import type { FinalStatus } from '../../domain/job/status.js';
import type { GroupTransition, Waiting } from '../../ports/lane.js';
import type { Idempotency } from '../../ports/push-log.js';
import type { QuarantinedRecord } from '../../ports/quarantine.js';

/** What stands in each collection. Field names are ours; whatever users named stands in values only. */

export interface ConnectionDocument extends Omit<Connection, 'id' | 'sample' | 'fields'> {
  readonly _id: string;
  /** Lower-case, for searches. */
  readonly searchName: string;
  /** Grows with every dataset built on it, so that building on and deleting a connection cannot both succeed. */
  readonly datasets: number;
}

export interface SampleDocument {
  /** `{connectionId}:{version}` */
  readonly _id: string;
  readonly text: string;
  /** JSON: examples may hold exact numbers and keys with any name. */
  readonly fields: string;
}

export interface LaneDocument {
  readonly runToken: number;
  /** Null once it is released: then its run cannot renew its lease any longer. */
  readonly owner: string | null;
  readonly leaseUntil: Date;
  /** Every job up to and with this position is final. */
  readonly finalThrough: number;
  /** Every job up to and with this position has passed its commit point. */
  readonly committedThrough: number;
  /** Every job up to and with this position has been taken into a group. */
  readonly takenThrough?: number;
  /** How many of its jobs were terminated; written to make transactions meet. */
  readonly terminations?: number;
  /** The bytes of all payloads up to and with that position. */
  readonly finalBytes: number;
  readonly records: number;
  readonly rows: number;
}

export interface DatasetDocument {
  readonly _id: string;
  readonly name: string;
  readonly searchName: string;
  readonly connectionId: string;
  readonly draftRevision: number;
  readonly appliedRevision: number | null;
  readonly generation: string | null;
  readonly createdAt: Date;
  /** Set while the rows of its generation are gone from the record store. */
  readonly rowsLost?: true;
  /** Since then it is out of sight, and soon purged. */
  readonly deletedAt: Date | null;
  readonly lane: LaneDocument;
}

export interface DesignDocument extends Omit<Design, 'columns'> {
  /** `{datasetId}:{revision}` */
  readonly _id: string;
  readonly columns: readonly Column[];
}

export interface PayloadPartDocument {
  /** `{payloadId}/{part}`, parts from 0; of what a delete by filter resolved to, `{jobId}/deleted/{part}`. */
  readonly _id: string;
  readonly bytes: Binary;
  /** Of what a delete resolved to: the run of the lane that found it. */
  readonly runToken?: number;
}

/** A job: log entry and ledger together. Written twice: accepted, and closed. */
export interface JobDocument {
  readonly _id: string;
  readonly datasetId: string;
  readonly position: number;
  readonly kind: JobKind;
  readonly method: DocumentUpdateMethod;
  readonly payload: PayloadRef;
  /** The bytes of all payloads of the lane up to and with this one: what waits between two jobs is told without counting. */
  readonly totalBytes: number;
  readonly recordCount: number;
  readonly acceptedAt: Date;
  readonly requestedBy: string;
  /** A position through which the lane was final before it was accepted. */
  readonly finalBefore: number;
  readonly replayOf?: readonly ReplayedRecord[];
  /** Of a reload, the design it applies; of a loaded job, the one it was loaded by. */
  readonly revision?: number;
  /** Of a trial, the design it tries. */
  readonly triedRevision?: number;
  /** Set when the request had an idempotency key. */
  readonly idempotency?: Idempotency;
  /** Set until the job is final. */
  readonly open?: true;
  readonly status?: FinalStatus;
  readonly groupId?: string;
  readonly finishedAt?: Date;
  /** Of refused jobs only: what a loaded job counted stands in its group. */
  readonly terminated?: TerminatedDocument;
  readonly refused?: RefusedDocument;
}

/**
 * Stands among the jobs under the id of one that was never accepted and whose payload is purged: it keeps that job from being accepted after all. Its place is
 * in nobody's lane.
 */
export interface FenceDocument {
  readonly _id: string;
  /** The job's id once more: no dataset has it. */
  readonly datasetId: string;
  /** Before the first of every lane. */
  readonly position: 0;
}

/** Of refused jobs. `behindCommit`: by the record store, so that they have gone through all of their group's statuses. */
export interface RefusedDocument {
  readonly counts: JobCounts;
  readonly faults: JobFaults;
  readonly behindCommit?: true;
}

/** Of terminated jobs: how many records they had, and the last status their group had reached; none when it had no group yet. */
export interface TerminatedDocument {
  readonly records: number;
  readonly after?: GroupTransition['status'];
}

/** `p`: position; `c`: read, added, updated, unchanged, deleted, failed, rows, net rows. */
export interface LoadedDocument {
  readonly p: number;
  readonly c: readonly number[];
  /** The places of records that were not applied, a bit each; absent where all were. */
  readonly x?: Binary;
  /** Where some of its records were refused. */
  readonly f?: JobFaults;
}

/** A group of jobs that were loaded together, and the statuses they passed. */
export interface GroupDocument {
  /** `{datasetId}:{first}`: each run that takes up a lane after the same position finds the same group. */
  readonly _id: string;
  readonly datasetId: string;
  readonly first: number;
  readonly last: number;
  /** Of the owner that took it up last. */
  readonly runToken: number;
  readonly attempts: number;
  /** How many runs in a row, up to the one before this, were interrupted before the commit point. Absent: none. */
  readonly interruptions?: number;
  /** Set once a run has given it back: that was no interruption. */
  readonly givenBack?: true;
  /** Of a part of a group that was split: the position through which the lane was final when that group was first taken up. */
  readonly finalBefore?: number;
  readonly transitions: readonly GroupTransition[];
  readonly bytes: number;
  readonly totalBytes: number;
  readonly waiting?: Waiting | null;
  /** How much of the work before the commit point is done, 0 to 1. Only grows, whichever attempt does it. */
  readonly progress?: number;
  readonly committedAt: Date | null;
  /** The run that passed the commit point. */
  readonly committedBy?: number;
  /** Absent where it was not asked for. */
  readonly loaded?: readonly LoadedDocument[];
  readonly closedAt: Date | null;
  /** How many of its jobs were terminated; written to make transactions meet. */
  readonly terminations?: number;
}

/** What became of a generation of the record store. */
export interface GenerationDocument {
  /** Its name. */
  readonly _id: string;
  readonly datasetId: string;
  /** The design its rows are read by. */
  readonly revision: number;
  /** RETIRED: out of use, and read by open cursors. ENDED: out of use, and some of its records are deleted since, so that nobody reads it. */
  readonly state: 'BEGUN' | 'CURRENT' | 'RETIRED' | 'ENDED';
  /** Since when it is in that state. */
  readonly since: Date;
  /** The run of the lane that makes it; absent for a dataset's first one. */
  readonly runToken?: number;
  /** Since when there are tombstones to be swept: the first ones after the last sweep, or that sweep where it left some. */
  readonly tombstonesAt?: Date;
  /** When the last tombstones were written, and by which place of the lane. */
  readonly lastTombstonesAt?: Date;
  readonly tombstonesThrough?: number;
}

export interface JobErrorsDocument extends JobErrors {
  /** The job's id. */
  readonly _id: string;
  /** The run of the lane that found them. */
  readonly runToken: number;
}

export interface QuarantinedDocument extends Omit<QuarantinedRecord, 'id'> {
  readonly _id: string;
  /** Its job is final. */
  readonly visible: boolean;
  /** The run of the lane that kept it. */
  readonly runToken: number;
}

export interface ApiKeyDocument {
  readonly _id: string;
  readonly name: string;
  readonly secretHash: Binary;
  readonly createdAt: Date;
}

/** How far a kind of upkeep has come. */
export interface UpkeepDocument {
  readonly _id: 'payloads';
  readonly through: string;
}

/** A process that loads. */
export interface WorkerDocument {
  readonly _id: string;
  /** False once it has stopped of its own accord. */
  readonly running: boolean;
  /** Its last sign of life, by the server's clock. */
  readonly seenAt: Date;
}
