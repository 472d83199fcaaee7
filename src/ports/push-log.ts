import type { LanePlace } from '../domain/dataset.js';
import type { DocumentUpdateMethod, Job, JobKind, LaneJob, PayloadForm, ReplayedRecord } from '../domain/job/job.js';
import type { Lease, LoadedJob } from './lane.js';

/** A job whose form was checked and that is about to be accepted. */
export interface AcceptedJob {
  readonly id: string;
  readonly datasetId: string;
  readonly kind: JobKind;
  readonly method: DocumentUpdateMethod;
  readonly form: PayloadForm;
  /** The decompressed body. */
  readonly payload: Buffer;
  readonly recordCount: number;
  readonly acceptedAt: Date;
  readonly requestedBy: string;
  readonly idempotency: Idempotency | null;
  /** Only for a replay: its records. */
  readonly replayOf?: readonly ReplayedRecord[];
  /** Only for a reload: the design that it applies. */
  readonly revision?: number;
  /** Only for a trial: the design that it tries. */
  readonly triedRevision?: number;
  /** A position through which the lane was final before it was accepted. */
  readonly finalBefore: number;
  /** The last place in the lane that it may take. */
  readonly bound: LanePlace;
}

/** How a repeated request is recognized: the caller's key for it, and a fingerprint of its content. */
export interface Idempotency {
  /** The API key of the request: the idempotency keys of different callers are independent. */
  readonly keyId: string;
  readonly key: string;
  /** SHA-256, in hexadecimal. */
  readonly fingerprint: string;
}

/** The result of an append. */
export type AppendResult =
  | { readonly kind: 'APPENDED'; readonly job: Job }
  /** The job would exceed its bound: too much is waiting before it. */
  | { readonly kind: 'BACKLOG_FULL' }
  | KnownRequest;

/** An earlier append to the lane had the same idempotency key: its job, and whether it was the same request. */
export interface KnownRequest {
  readonly kind: 'KNOWN';
  readonly jobId: string;
  readonly sameRequest: boolean;
}

/** A waiting job and its payload. */
export interface LoggedPush {
  readonly job: LaneJob;
  readonly payload: Buffer;
}

/** A loaded job, with what is needed to load it again with the same result. */
export interface HistoricJob extends LoadedPush {
  readonly loaded: LoadedJob;
}

/** The payload of a loaded job, and the design by which it was loaded. */
export interface LoadedPush extends LoggedPush {
  readonly revision: number;
}

/** A record that a delete by filter matched, and how many rows it had. */
export interface ResolvedRecord {
  readonly recordId: string;
  readonly rowCount: number;
}

/** Every accepted payload in lane order. */
export interface PushLog {
  /**
   * Appends a job to its dataset's lane. When it resolves, payload and job are on disk with majority write concern. Positions of a dataset have no gaps, and a job that
   * is appended after another append has resolved gets a later position. Jobs that arrive at the same time are written together. Of several appends with the same
   * idempotency key, even simultaneous ones, exactly one is appended. Throws STORE_UNAVAILABLE, and appends nothing, if it took so long that the payload was purged.
   */
  append(job: AcceptedJob): Promise<AppendResult>;
  /** The job that was appended with this idempotency key; null if there is none. */
  findByKey(datasetId: string, idempotency: Idempotency): Promise<KnownRequest | null>;
  /**
   * If this job ended in ERROR_EXIT, takes its idempotency key from it, so that a later append can have the key. Returns whether it ended so, also if the key was taken from it
   * before.
   */
  releaseFailed(jobId: string): Promise<boolean>;
  /** The payloads of jobs, in the order of the jobs. Throws if one is incomplete. */
  readPayloads(jobs: readonly LaneJob[]): Promise<LoggedPush[]>;
  /** The loaded jobs at these positions of a lane, with their payloads, a bounded number of bytes at a time. */
  readLoaded(datasetId: string, positions: readonly number[]): AsyncIterable<LoadedPush>;
  /**
   * The loaded jobs up to a position, in lane order, since the last DELETE_ALL among them: the rows at that position come from them. A bounded number of bytes at a time.
   */
  history(datasetId: string, through: number): AsyncIterable<readonly HistoricJob[]>;
  /**
   * Before its commit point, stores a part of the records that a delete by filter matched. It replaces what this run of the lane or an earlier one stored as that part.
   * What a later run has stored stays, so a run that lost the lane changes nothing, although no lease is compared.
   */
  keepResolved(
    lease: Pick<Lease, 'runToken'>,
    jobId: string,
    part: number,
    records: readonly ResolvedRecord[],
  ): Promise<void>;
  /** Reads such a part; null after the last one. */
  readResolved(jobId: string, part: number): Promise<readonly ResolvedRecord[] | null>;
}
