import type { IndexSet } from '../domain/job/index-set.js';
import type { JobCounts, JobErrors, JobFaults, JobOutcome, LaneJob, LeftInQuarantine } from '../domain/job/job.js';
import type { GroupStatus } from '../domain/job/status.js';

/** The right to load one dataset, held by one worker at a time. */
export interface Lease {
  readonly datasetId: string;
  /** Grows with every owner; a write that carries an older one is refused. */
  readonly runToken: number;
  /** The id of the worker. */
  readonly owner: string;
  /** Every job up to and including this position is final. */
  readonly finalThrough: number;
  /** The bytes of all payloads up to and including that position. */
  readonly finalBytes: number;
  /** No stored group had a job after this position when the lease was granted. */
  readonly takenThrough: number;
  /** Whether an earlier owner has not released the lane: its process ended, or stood still for longer than its lease. */
  readonly wasInterrupted: boolean;
  /** How many jobs of the lane had been terminated when the lease was granted. */
  readonly terminations: number;
  readonly appliedRevision: number;
  readonly generation: string;
  /** How many records and rows the dataset holds. */
  readonly records: number;
  readonly rows: number;
}

export interface GroupTransition {
  readonly status: GroupStatus;
  readonly at: Date;
}

/** A job that passed the commit point, as it was recorded there. */
export interface LoadedJob {
  readonly position: number;
  readonly counts: JobCounts;
  readonly netRows: number;
  readonly skipped: IndexSet | null;
  readonly faults: JobFaults;
}

/** The errors of those records of a job that the record store refused after the commit point. */
export interface LateErrors {
  readonly errors: JobErrors;
  /** Whether the job had errors at its commit point, to which these are added. */
  readonly hadErrors: boolean;
}

/** What the end of a group does in addition to closing its jobs. */
export interface GroupEnd {
  /** The quarantine ids of records that replays have loaded: they leave the quarantine. */
  readonly released?: readonly string[];
  /**
   * Set when the store permanently rejected rows. `loaded`: jobs without the rejected records. `refused`: jobs of which no record is left, which end as refused. `errors`:
   * the reasons, by job.
   */
  readonly takenBack?: {
    readonly loaded: readonly LoadedJob[];
    readonly refused: readonly LoadedJob[];
    readonly errors: ReadonlyMap<string, LateErrors>;
    /** Rejected records of replays, which stay in quarantine. */
    readonly left: readonly LeftInQuarantine[];
  };
  /** Whether the group wrote tombstones. */
  readonly deletedRows?: boolean;
  /** The generation and design that the dataset uses from now on. */
  readonly swap?: {
    readonly generation: string;
    readonly revision: number;
    readonly records: number;
    readonly rows: number;
    /** Whether these are the same records as before; if not, cursors of earlier generations expire. */
    readonly sameRecords: boolean;
  };
}

/** What a group waits for, for people, and since when. */
export interface Waiting {
  readonly reason: string;
  readonly since: Date;
}

/** A run of jobs that are loaded together. After a crash the next owner takes over the same group if it was stored; otherwise it takes a new one. */
export interface Group {
  readonly id: string;
  readonly datasetId: string;
  readonly first: number;
  readonly last: number;
  readonly attempts: number;
  /**
   * How many runs in a row before this one were interrupted before the commit point: their process ended, or stood still for longer than its lease. From `splitAfter` on,
   * only those count that loaded it alone.
   */
  readonly interruptions: number;
  /** The same after the commit point. */
  readonly lateInterruptions: number;
  /** How long the lane is to rest before this run loads the group, because it was interrupted too often after the commit point; 0 if not at all. */
  readonly restMs: number;
  /** The statuses recorded so far: a new attempt continues after them and repeats none. */
  readonly transitions: readonly GroupTransition[];
  /** What the previous attempt waited for; null if nothing. */
  readonly waiting: Waiting | null;
  /** Whether its jobs are as this process remembers them, so that one may have been terminated before the lease was granted. */
  readonly isRemembered?: boolean;
  /** The bytes of its payloads. */
  readonly bytes: number;
  /** The bytes of all payloads of the lane up to and including this group. */
  readonly totalBytes: number;
  /** The loaded jobs as the commit point recorded them; null before it. */
  readonly loaded: readonly LoadedJob[] | null;
}

/** A group that the run has taken. `isStored`: false if the group is new, and the caller stores it later. `hasAll`: whether no other job waited in the lane. */
export interface TakenGroup {
  readonly group: Group;
  readonly isStored: boolean;
  readonly hasAll: boolean;
}

/** COMMITTED has the group with the jobs that it loads; `isPutOff`: nothing is stored before the group ends. */
export type CommitResult =
  | { readonly kind: 'COMMITTED'; readonly group: Group; readonly isPutOff?: boolean }
  | { readonly kind: 'JOB_TERMINATED' };

export interface GroupBounds {
  readonly maxJobs: number;
  /** Small records take many times their bytes in memory. */
  readonly maxRecords: number;
  /** Exceeded only if the first job alone is larger. */
  readonly maxBytes: number;
  /** A group of several jobs that was interrupted so often in a row is split: each of its jobs gets its own group. */
  readonly splitAfter: number;
  /** A group that was interrupted so often in a row after the commit point rests before each further attempt. */
  readonly setApart: { readonly after: number; readonly restMs: number };
}

/** Thrown by every method of {@link Lanes} that writes once the lane has another run token. The run must stop immediately: another worker continues. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Ownership and progress of lanes. Every write compares the run token; only the clock of the database server judges lease times. */
export interface Lanes {
  /** Takes a lane that nobody holds; null if it is held, or has no applied design. */
  acquire(datasetId: string, owner: string, leaseMs: number): Promise<Lease | null>;
  /** Renews a lease; throws LeaseLostError once it was released. */
  renew(lease: Lease, leaseMs: number): Promise<void>;
  /** Releases the lane; with `restMs`, nobody can take it before that time is over. `isInterrupted`: the run stood still for longer than its lease, so the next lease shows that as if it had not released the lane. */
  release(lease: Lease, restMs?: number, isInterrupted?: boolean): Promise<void>;
  /**
   * Returns the group to load next: the one that an earlier owner left, or a new one of the first waiting jobs; null if none wait. Its first status is QUERYING_DATASOURCES. A new one is stored, unless
   * `mayPutOff` returns true for it: then the caller stores it before it writes anything else for the group, or with its end. A run that ends before that leaves no trace but the lane, which it has not released.
   */
  nextGroup(
    lease: Lease,
    bounds: GroupBounds,
    now: Date,
    mayPutOff?: (group: Group, jobs: readonly LaneJob[]) => boolean,
  ): Promise<TakenGroup | null>;
  /** Stores a new group of this run. */
  storeGroup(lease: Lease, group: Group): Promise<void>;
  /** The jobs of the group that are not final, in lane order. For a new group, as `nextGroup` found them; the commit point notices if one is not open any more. */
  jobsOf(group: Group): Promise<readonly LaneJob[]>;
  /** The jobs that the next group would have now; one may have been terminated. */
  jobsAfter(group: Group, bounds: GroupBounds): Promise<readonly LaneJob[]>;
  /** Stores what the group waits for; null once it no longer waits. */
  recordWaiting(lease: Lease, group: Group, waiting: Waiting | null): Promise<void>;
  /** Records that the run loads the group, and that its process loads no other meanwhile. */
  recordAlone(lease: Lease, group: Group): Promise<void>;
  /** Records that the run stops work on the group deliberately, so that the next run does not count an interruption, and stores the group's transitions. */
  giveBack(lease: Lease, group: Group): Promise<void>;
  /** Stores how much of the work before the commit point is done, 0 to 1. A value below the stored one changes nothing. */
  recordProgress(lease: Lease, group: Group, progress: number): Promise<void>;
  /** Stores the group's transitions as they are in `group`. */
  recordTransitions(lease: Lease, group: Group): Promise<void>;
  /**
   * The commit point: one transaction records the outcome of every job of the group, and closes the refused ones. If one of the jobs has been terminated meanwhile, nothing
   * is recorded: the outcomes of the others may change, and what this run stored in quarantine for them is removed. Errors are stored before the transaction, and only
   * shown for jobs that end with errors. With `appliedRevision` it throws LeaseLostError if another design is applied by now, because the lease is then outdated.
   */
  commit(
    lease: Lease,
    group: Group,
    outcomes: readonly JobOutcome[],
    at: Date,
    appliedRevision?: number,
  ): Promise<CommitResult>;
  /**
   * The end of a group: one transaction closes the jobs that passed the commit point, counts their records, makes visible what the run that committed them, or a later one,
   * put into quarantine, and moves the lane on. Returns the updated lease.
   */
  complete(lease: Lease, group: Group, end: GroupEnd, at: Date): Promise<Lease>;
  /** Switches the dataset to a generation with the same rows, perhaps with tombstones. Returns the updated lease. */
  replaceGeneration(lease: Lease, generation: string, deletedRows: boolean): Promise<Lease>;
  /** Takes every lane from its owner. Call it only if all owners are known to be gone. */
  freeAll(): Promise<void>;
  /** Datasets that have waiting jobs and no owner. */
  orphans(): Promise<readonly string[]>;
}
