import type { Binary } from 'mongodb';
import type { Connection } from '../../domain/connection.js';
import type { Design } from '../../domain/design/design.js';
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

/** The documents of each collection. Field names are ours; names that users give are only in values. */

export interface ConnectionDocument extends Omit<Connection, 'id' | 'sample' | 'fields'> {
  readonly _id: string;
  /** In lower case, for searches. */
  readonly searchName: string;
  /** Grows with every dataset that is built on it, so that building a dataset on a connection and deleting the connection cannot both succeed. */
  readonly datasets: number;
}

export interface SampleDocument {
  /** `{connectionId}:{version}` */
  readonly _id: string;
  readonly text: string;
  /** JSON text, since examples may have exact numbers and keys with any name. */
  readonly fields: string;
}

export interface LaneDocument {
  readonly runToken: number;
  /** Null once the lane is released: then its run can no longer renew its lease. */
  readonly owner: string | null;
  readonly leaseUntil: Date;
  /** Different for each call that took lanes. */
  readonly takenBy?: string;
  /** Whether an earlier owner than this one, or than the last one, has not released the lane. */
  readonly interrupted?: boolean;
  /** Every job up to and including this position is final. */
  readonly finalThrough: number;
  /** Every job up to and including this position has passed its commit point. */
  readonly committedThrough: number;
  /** Every job up to and including this position is in a group. */
  readonly takenThrough?: number;
  /** How many of its jobs were terminated; written so that transactions conflict. */
  readonly terminations?: number;
  /** The bytes of all payloads up to and including that position. */
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
  /** Set while the rows of its generation are missing from the record store. */
  readonly rowsLost?: true;
  /** How many designs that look it up were saved; written so that saving such a design and deleting the dataset cannot both succeed. */
  readonly lookups?: number;
  /** When it was deleted; it is hidden since then, and purged soon. */
  readonly deletedAt: Date | null;
  readonly lane: LaneDocument;
}

export interface DesignDocument extends Omit<Design, 'transformations'> {
  /** `{datasetId}:{revision}` */
  readonly _id: string;
  /** As JSON text, which keeps every digit of a number. Absent in designs from before there were any. */
  readonly transformations?: string;
  /** The datasets that its transformations look up; absent if there are none. */
  readonly lookedUp?: readonly string[];
}

/** What a geocoder has answered for an address. */
export interface AddressDocument {
  /** A hash of the geocoder and the address. */
  readonly _id: string;
  /** Longitude and latitude; null if the address is nowhere. */
  readonly at: readonly [number, number] | null;
  readonly expiresAt: Date;
}

/** A job: log entry and ledger in one document. Written when it is accepted, when it ends, and once more if it has a mark, when that is taken away. */
export interface JobDocument {
  readonly _id: string;
  readonly datasetId: string;
  readonly position: number;
  readonly kind: JobKind;
  readonly method: DocumentUpdateMethod;
  readonly payload: PayloadRef;
  /** The bytes of all payloads of the lane up to and including this one, so that what waits between two jobs is a difference. */
  readonly totalBytes: number;
  readonly recordCount: number;
  readonly acceptedAt: Date;
  readonly requestedBy: string;
  /** A position through which the lane was final before it was accepted. */
  readonly finalBefore: number;
  readonly replayOf?: readonly ReplayedRecord[];
  /** For a reload, the design that it applies; for a loaded job, the design that it was loaded by. */
  readonly revision?: number;
  /** Only for a trial: the design that it tries. */
  readonly triedRevision?: number;
  /** Set if the request had an idempotency key. */
  readonly idempotency?: Idempotency;
  /** A mark by which lanes that have jobs to load are found. Stays for a while after those that it covers are final. */
  readonly open?: true;
  /** With the mark: the position of the last job that it covers. Absent if it covers only this one. */
  readonly openThrough?: number;
  /** Absent in a job that is COMPLETE, except for those from before that was so. */
  readonly status?: FinalStatus;
  readonly groupId?: string;
  /** Set once the job is final. */
  readonly finishedAt?: Date;
  /** Only for refused jobs: the counts of a loaded job are in its group. */
  readonly terminated?: TerminatedDocument;
  readonly refused?: RefusedDocument;
}

/** Only for refused jobs. `afterCommit`: the record store refused them after the commit point, so they have passed all statuses of their group. */
export interface RefusedDocument {
  readonly counts: JobCounts;
  readonly faults: JobFaults;
  readonly afterCommit?: true;
}

/** Only for terminated jobs: how many records they had, and the last status that their group had reached; none if they had no group yet. */
export interface TerminatedDocument {
  readonly records: number;
  readonly after?: GroupTransition['status'];
}

/** `p`: position; `c`: read, added, updated, unchanged, deleted, failed, rows, net rows. */
export interface LoadedDocument {
  readonly p: number;
  readonly c: readonly number[];
  /** The indexes of records that were not applied, one bit each; absent if all were applied. */
  readonly x?: Binary;
  /** Set if some of its records were refused. */
  readonly f?: JobFaults;
}

/** A group of jobs that are loaded together, and the statuses that they have passed. */
export interface GroupDocument {
  /** `{datasetId}:{first}`: every run that continues a lane after the same position finds the same group. */
  readonly _id: string;
  readonly datasetId: string;
  readonly first: number;
  readonly last: number;
  /** The run token of the owner that took it up last. */
  readonly runToken: number;
  readonly attempts: number;
  /** How many runs in a row, up to the one before this, were interrupted before the commit point. Absent: none. */
  readonly interruptions?: number;
  /** The same after the commit point. */
  readonly lateInterruptions?: number;
  /** The run that last loaded it alone in its process, and the one that last waited for something. */
  readonly aloneIn?: number;
  readonly waitedIn?: number | null;
  /** Until when its lane rests, because of its late interruptions, and how long that was when it was taken up last. */
  readonly restUntil?: Date | null;
  readonly restMs?: number;
  /** Set once a run has given it back, which is not an interruption. */
  readonly givenBack?: true;
  /** Only for a part of a group that was split: the position through which the lane was final when that group was first taken up. */
  readonly finalBefore?: number;
  readonly transitions: readonly GroupTransition[];
  readonly bytes: number;
  readonly totalBytes: number;
  readonly waiting?: Waiting | null;
  /** How much of the work before the commit point is done, 0 to 1. It only grows, over all attempts. */
  readonly progress?: number;
  readonly committedAt: Date | null;
  /** The run that passed the commit point. */
  readonly committedBy?: number;
  /** Absent if it was not requested. */
  readonly loaded?: readonly LoadedDocument[];
  readonly closedAt: Date | null;
  /** How many of its jobs were terminated; written so that transactions conflict. */
  readonly terminations?: number;
}

/** The state of a generation of the record store. */
export interface GenerationDocument {
  /** Its name. */
  readonly _id: string;
  readonly datasetId: string;
  /** The design by which its rows are read. */
  readonly revision: number;
  /** RETIRED: out of use, but open cursors read it. ENDED: out of use, and some of its records were deleted since, so that nobody reads it. */
  readonly state: 'BEGUN' | 'CURRENT' | 'RETIRED' | 'ENDED';
  /** Since when it has been in that state. */
  readonly since: Date;
  /** The run of the lane that creates it; absent for the first generation of a dataset. */
  readonly runToken?: number;
  /** Since when there are tombstones to sweep: when the first ones after the last sweep were written, or the time of that sweep if it left some. */
  readonly tombstonesAt?: Date;
  /** When the last tombstones were written, and by the job at which position. */
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
  /** Whether its job is final. */
  readonly visible: boolean;
  /** The run of the lane that kept it. */
  readonly runToken: number;
}

/** How far a kind of upkeep has come. */
export interface UpkeepDocument {
  readonly _id: 'payloads';
  readonly through: string;
}

/** A process that loads. */
export interface WorkerDocument {
  readonly _id: string;
  /** False once it has stopped normally. */
  readonly running: boolean;
  /** Its last heartbeat, by the server's clock. */
  readonly seenAt: Date;
}
