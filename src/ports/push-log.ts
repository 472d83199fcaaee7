import type { LanePlace } from '../domain/dataset.js';
import type { DocumentUpdateMethod, Job, JobKind, PayloadForm, ReplayedRecord, WaitingJob } from '../domain/job/job.js';
import type { Lease, LoadedJob } from './lane.js';

/** A job that passed the checks of its form and is about to be accepted. */
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
  /** Of a replay: its records. */
  readonly replayOf?: readonly ReplayedRecord[];
  /** Of a reload: the design it applies. */
  readonly revision?: number;
  /** Of a trial: the design it tries. */
  readonly triedRevision?: number;
  /** A position through which the lane was final before it was accepted. */
  readonly finalBefore: number;
  /** The place in the lane that it must not stand beyond. */
  readonly bound: LanePlace;
}

/** What makes a repeated request known: the caller's key for it, and a fingerprint of what it asks for. */
export interface Idempotency {
  /** The API key that the request came with: keys of different callers have nothing to do with each other. */
  readonly keyId: string;
  readonly key: string;
  /** SHA-256, in hexadecimal. */
  readonly fingerprint: string;
}

/** What became of an append. */
export type AppendResult =
  | { readonly kind: 'APPENDED'; readonly job: Job }
  /** It would stand beyond its bound: too much waits before it. */
  | { readonly kind: 'BACKLOG_FULL' }
  | KnownRequest;

/** An earlier append to the lane had the same idempotency key: its job, and whether it asked for the same. */
export interface KnownRequest {
  readonly kind: 'KNOWN';
  readonly jobId: string;
  readonly sameRequest: boolean;
}

/** A waiting job and the bytes that were accepted for it. */
export interface LoggedPush {
  readonly job: WaitingJob;
  readonly payload: Buffer;
}

/** A job that was loaded, as far as it is needed to do the same again. */
export interface HistoricJob extends LoadedPush {
  readonly loaded: LoadedJob;
}

/** A loaded job's payload, and the design it was loaded by. */
export interface LoadedPush extends LoggedPush {
  readonly revision: number;
}

/** A record that a delete by filter meant, and how many rows it had. */
export interface ResolvedRecord {
  readonly recordId: string;
  readonly rowCount: number;
}

/** Every accepted payload in lane order. */
export interface PushLog {
  /**
   * Appends the push to its dataset's lane. When it resolves, payload and job are on disk with majority write concern. Positions of a dataset have
   * no gaps, and a push appended after another's append resolved stands after it. Pushes waiting at the same time are written together. Of
   * several appends with one idempotency key, also at the same moment, exactly one is appended. Throws STORE_UNAVAILABLE, and nothing is appended, when it
   * took so long that the payload was purged meanwhile.
   */
  append(job: AcceptedJob): Promise<AppendResult>;
  /** What was appended with this idempotency key; null when nothing was. */
  findByKey(datasetId: string, idempotency: Idempotency): Promise<KnownRequest | null>;
  /** The payloads of jobs, in the jobs' order. Throws when one is not there whole. */
  readPayloads(jobs: readonly WaitingJob[]): Promise<LoggedPush[]>;
  /** The loaded jobs at these places of a lane, with their payloads, a bounded number of bytes at a time. */
  readLoaded(datasetId: string, positions: readonly number[]): AsyncIterable<LoadedPush>;
  /**
   * The loaded jobs up to a position, in lane order, since the last DELETE_ALL among them: what the rows at that position are made of. A bounded number of bytes
   * at a time.
   */
  history(datasetId: string, through: number): AsyncIterable<readonly HistoricJob[]>;
  /**
   * Keeps a part of what a delete by filter resolved to, before its commit point, in place of what this run of the lane or an earlier one kept as that part. What a
   * later run has kept stays: so one that lost the lane changes nothing, although no lease is looked at.
   */
  keepResolved(
    lease: Pick<Lease, 'runToken'>,
    jobId: string,
    part: number,
    records: readonly ResolvedRecord[],
  ): Promise<void>;
  /** A part of it; null for the empty part after the last one. */
  readResolved(jobId: string, part: number): Promise<readonly ResolvedRecord[] | null>;
}
