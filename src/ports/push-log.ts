import type { DocumentUpdateMethod, Job, JobKind, PayloadForm, WaitingJob } from '../domain/job/job.js';

/** A push that passed the checks of its form and is about to be accepted. */
export interface AcceptedPush {
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
}

/** A waiting job and the bytes that were accepted for it. */
export interface LoggedPush {
  readonly job: WaitingJob;
  readonly payload: Buffer;
}

/** Every accepted payload in lane order. */
export interface PushLog {
  /**
   * Appends the push to its dataset's lane. When it resolves, payload and job are on disk with majority write concern. Positions of a dataset have
   * no gaps, and a push appended after another's append resolved stands behind it. Pushes waiting at the same time are written together.
   */
  append(push: AcceptedPush): Promise<Job>;
  /** The payloads of jobs, in the jobs' order. Throws when one is not there whole. */
  readPayloads(jobs: readonly WaitingJob[]): Promise<LoggedPush[]>;
}
