import type { JobCounts, JobErrors, JobFaults, JobOutcome, LaneJob, LeftInQuarantine } from '../domain/job/job.js';
import type { Places } from '../domain/job/places.js';
import type { GroupStatus } from '../domain/job/status.js';

/** The right to load one dataset, held by one worker at a time. */
export interface Lease {
  readonly datasetId: string;
  /** Grows with every owner; a write that carries an older one is refused. */
  readonly runToken: number;
  /** Every job up to and with this position is final. */
  readonly finalThrough: number;
  /** The bytes of all payloads up to and with that position. */
  readonly finalBytes: number;
  readonly appliedRevision: number;
  readonly generation: string;
  /** What the dataset holds. */
  readonly records: number;
  readonly rows: number;
}

export interface GroupTransition {
  readonly status: GroupStatus;
  readonly at: Date;
}

/** A job that the commit point let through, as it was recorded there. */
export interface LoadedJob {
  readonly position: number;
  readonly counts: JobCounts;
  readonly netRows: number;
  readonly skipped: Places | null;
  readonly faults: JobFaults;
}

/** The errors of a job's records that the record store has refused after the commit point. */
export interface LateErrors {
  readonly errors: JobErrors;
  /** Whether the job had others at its commit point, which these are added to. */
  readonly hadErrors: boolean;
}

/** What the end of a group does beside closing its jobs. */
export interface GroupEnd {
  /** The quarantine's ids of records that replays have loaded: they leave it. */
  readonly released?: readonly string[];
  /**
   * There where the record store refused rows for good: the group's loaded jobs without their records, those apart of which nothing is left, and why, a job. The
   * latter end as refused ones.
   */
  readonly takenBack?: {
    readonly loaded: readonly LoadedJob[];
    readonly refused: readonly LoadedJob[];
    readonly errors: ReadonlyMap<string, LateErrors>;
    /** Of replays: those of the refused records, which stay in quarantine. */
    readonly left: readonly LeftInQuarantine[];
  };
  /** Some of what it wrote are tombstones. */
  readonly deletedRows?: boolean;
  /** What the dataset is read from, and loaded by, from now on. */
  readonly swap?: {
    readonly generation: string;
    readonly revision: number;
    readonly records: number;
    readonly rows: number;
    /** Whether these are the records that the dataset held before; if not, cursors of the generations before expire. */
    readonly sameRecords: boolean;
  };
}

/** What holds a group up, for people, and since when. */
export interface Waiting {
  readonly reason: string;
  readonly since: Date;
}

/** A run of jobs that are loaded together. After a crash the next owner takes over the same group. */
export interface Group {
  readonly id: string;
  readonly datasetId: string;
  readonly first: number;
  readonly last: number;
  readonly attempts: number;
  /** How many runs in a row, up to the one before this, were interrupted before the commit point: their process was gone, or stood still beyond its lease. */
  readonly interruptions: number;
  /** The statuses recorded so far: a new attempt goes on after them and says none twice. */
  readonly transitions: readonly GroupTransition[];
  /** What held up the attempt before this one; null when nothing did. */
  readonly waiting: Waiting | null;
  /** The bytes of its payloads. */
  readonly bytes: number;
  /** The bytes of all payloads of the lane up to and with this group. */
  readonly totalBytes: number;
  /** The loaded jobs as the commit point recorded them; null before it. */
  readonly loaded: readonly LoadedJob[] | null;
}

/** COMMITTED: the group with what it loads. */
export type CommitResult = { readonly kind: 'COMMITTED'; readonly group: Group } | { readonly kind: 'JOB_TERMINATED' };

export interface GroupBounds {
  readonly maxJobs: number;
  /** Reached by the first job alone if that is larger. */
  readonly maxBytes: number;
  /** A group of several jobs that was interrupted so often in a row is split: each of its jobs gets a group of its own. */
  readonly splitAfter: number;
}

/** Thrown by every method of {@link Lanes} that writes when the run token is no longer the lane's: stop at once, somebody else goes on. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Ownership and progress of lanes. Every write compares the run token; lease times are judged by the database server's clock alone. */
export interface Lanes {
  /** Takes a lane nobody holds; null when it is held, or has no applied design. */
  acquire(datasetId: string, owner: string, leaseMs: number): Promise<Lease | null>;
  /** Not once it is released. */
  renew(lease: Lease, leaseMs: number): Promise<void>;
  /** Gives the lane up; with a rest, nobody takes it before that is over. */
  release(lease: Lease, restMs?: number): Promise<void>;
  /** The group to load next: the one an earlier owner left, or a new one of the first waiting jobs; null when none wait. Records QUERYING_DATASOURCES. */
  nextGroup(lease: Lease, bounds: GroupBounds, now: Date): Promise<Group | null>;
  /** The jobs of the group that are not final, in lane order. */
  jobsOf(group: Group): Promise<readonly LaneJob[]>;
  /** Stores what holds the group up; null when nothing does any longer. */
  recordWaiting(lease: Lease, group: Group, waiting: Waiting | null): Promise<void>;
  /** Records that the run stops work on the group of its own accord, so that the next one counts no interruption. */
  giveBack(lease: Lease, group: Group): Promise<void>;
  /** Stores how much of the work before the commit point is done, 0 to 1; less than what is stored changes nothing. */
  recordProgress(lease: Lease, group: Group, progress: number): Promise<void>;
  /** Stores the group's transitions as they are in `group`. */
  recordTransitions(lease: Lease, group: Group): Promise<void>;
  /**
   * The commit point: in one transaction, the outcome of every job of the group, and the end of the refused ones. Nothing is recorded when one of the jobs has been
   * terminated since: then the outcomes of the others may change, and what this run kept in quarantine for them is forgotten. Errors are kept before the transaction, and shown of jobs that end with errors only. With `appliedRevision` it throws
   * LeaseLostError when the applied design is another by now: the lease tells of a dataset that is no more.
   */
  commit(
    lease: Lease,
    group: Group,
    outcomes: readonly JobOutcome[],
    at: Date,
    appliedRevision?: number,
  ): Promise<CommitResult>;
  /**
   * The end: in one transaction, closes the jobs that passed the commit point, counts their records, shows what the run that committed them, or one after it, put into quarantine, and
   * moves the lane on. Answers the lease as it then stands.
   */
  complete(lease: Lease, group: Group, end: GroupEnd, at: Date): Promise<Lease>;
  /** Reads and loads the dataset by a generation that holds the same rows, maybe with tombstones. Answers the lease as it then stands. */
  replaceGeneration(lease: Lease, generation: string, deletedRows: boolean): Promise<Lease>;
  /** Takes every lane from its owner: for who knows that all of them are gone. */
  freeAll(): Promise<void>;
  /** Datasets that have waiting jobs and no owner. */
  orphans(): Promise<readonly string[]>;
}
