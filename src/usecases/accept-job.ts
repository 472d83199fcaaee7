import type { Dataset } from '../domain/dataset.js';
import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import type { AcceptedJob, AppendResult } from '../ports/push-log.js';
import { type BacklogLimits, backlogFull, boundOf } from './backlog.js';
import { notFound } from './checks.js';
import type { Caller, Deps } from './deps.js';
import { idempotencyOf } from './idempotency.js';

/** A job as a caller asks for it. */
export interface JobRequest
  extends Pick<
    AcceptedJob,
    'kind' | 'method' | 'form' | 'payload' | 'recordCount' | 'replayOf' | 'revision' | 'triedRevision'
  > {
  /** The caller's name for this request: when it comes again, it gets the same job. */
  readonly idempotencyKey?: string | undefined;
}

/** An accepted job; `replayed` when this request had been accepted before. */
export interface JobAnswer extends Job {
  readonly replayed: boolean;
}

export type AcceptJobDeps = Pick<
  Deps,
  'pushLog' | 'ledger' | 'laneQueue' | 'nudges' | 'storage' | 'clock' | 'newId' | 'reportError'
>;

/** `admit` is called for a request that is not known yet, and throws what the dataset as it is now refuses it for. */
export type AcceptJob = (
  dataset: Dataset,
  request: JobRequest,
  caller: Caller,
  admit?: () => Promise<void>,
) => Promise<JobAnswer>;

/**
 * Accepts a job for a dataset's lane: when it resolves, payload and job are durable and the lane has been woken. A request whose idempotency key was used
 * before gets that job, whatever has changed since, or IDEMPOTENCY_MISMATCH when it asks for something else. Throws
 * BACK_PRESSURE, DISK_FULL, and BAD_REQUEST for an odd key; then nothing is stored.
 */
export function acceptJob(deps: AcceptJobDeps, limits: BacklogLimits): AcceptJob {
  return async (dataset, { idempotencyKey, ...job }, caller, admit) => {
    const { pushLog, nudges, clock, newId } = deps;
    const { id: datasetId } = dataset;
    const idempotency = idempotencyOf({ ...job, idempotencyKey, datasetId }, caller);
    const known = idempotency && (await pushLog.findByKey(datasetId, idempotency));
    if (known) return answerTo(deps, known);
    refuseWithoutRoom(deps, job);
    await admit?.();
    const result = await pushLog.append({
      id: newId(),
      datasetId,
      ...job,
      acceptedAt: clock.now(),
      requestedBy: caller.keyName,
      idempotency,
      finalBefore: dataset.settled.position,
      bound: boundOf(dataset, limits),
    });
    if (result.kind === 'BACKLOG_FULL') throw backlogFull(datasetId);
    nudges.nudge(datasetId);
    wakeLane(deps, datasetId);
    return answerTo(deps, result);
  };
}

/** Deletes are accepted all the same: they are a way to make room. */
function refuseWithoutRoom({ storage }: Pick<Deps, 'storage'>, { kind }: Pick<JobRequest, 'kind'>): void {
  if (kind === 'DELETE' || kind === 'DELETE_ALL') return;
  const shortage = storage.shortage();
  if (shortage !== null) throw new SluiceError('DISK_FULL', shortage);
}

type Decided = Exclude<AppendResult, { kind: 'BACKLOG_FULL' }>;

async function answerTo({ ledger }: AcceptJobDeps, result: Decided): Promise<JobAnswer> {
  if (result.kind === 'APPENDED') return { ...result.job, replayed: false };
  if (!result.sameRequest) {
    const message = `this idempotency key was used for another request, job ${result.jobId}; use a new key for a new request`;
    throw new SluiceError('IDEMPOTENCY_MISMATCH', message, { field: 'idempotencyKey' });
  }
  const job = await ledger.findJob(result.jobId);
  if (!job) throw notFound('job', result.jobId);
  return { ...job, replayed: true };
}

/** The job is durable already: a wake that fails is made up for by the sweep, and must not make the caller send it again. */
function wakeLane({ laneQueue, reportError }: AcceptJobDeps, datasetId: string): void {
  laneQueue.wake(datasetId).catch((error: unknown) => reportError(error, `waking the lane of dataset ${datasetId}`));
}
