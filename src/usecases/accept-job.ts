import { type Dataset, type LanePlace, laterPlace } from '../domain/dataset.js';
import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import type { Caller } from '../domain/security/caller.js';
import type { AcceptedJob, AppendResult } from '../ports/push-log.js';
import { type BacklogLimits, backlogFull, boundOf } from './backlog.js';
import { notFound } from './checks.js';
import type { Deps } from './deps.js';
import { idempotencyOf } from './idempotency.js';

/** While a larger payload is being stored, its lane is free for others. */
const SOON_STORED_BYTES = 16 * 1024;

/** A job that a caller requests. */
export interface JobRequest
  extends Pick<
    AcceptedJob,
    'kind' | 'method' | 'form' | 'payload' | 'recordCount' | 'replayOf' | 'revision' | 'triedRevision'
  > {
  /** The caller's name for this request. The same request with the same key gets the same job. */
  readonly idempotencyKey?: string | undefined;
  /** The sender's id of a webhook's delivery. Whatever its body, it gets the same job as before, unless that one ended in ERROR_EXIT. */
  readonly deliveryId?: string | undefined;
}

/** An accepted job, and the connection of its dataset; `replayed` if this request had been accepted before. */
export interface JobReceipt extends Job {
  readonly connectionId: string;
  readonly replayed: boolean;
}

export type AcceptJobDeps = Pick<
  Deps,
  'pushLog' | 'ledger' | 'laneQueue' | 'nudges' | 'settled' | 'storage' | 'clock' | 'newId' | 'reportError'
>;

/** `admit` is called only for a new request. It throws if the dataset in its current state refuses the request. */
export type AcceptJob = (
  dataset: Dataset,
  request: JobRequest,
  caller: Caller,
  admit?: () => Promise<void>,
) => Promise<JobReceipt>;

/**
 * Accepts a job for a dataset's lane. When it resolves, payload and job are durable and the lane has been woken, or is taken for it. A request whose idempotency key was used
 * before gets that earlier job, whatever has changed since, or throws IDEMPOTENCY_MISMATCH if it is a different request. Also throws BACK_PRESSURE, DISK_FULL,
 * and BAD_REQUEST for an invalid key. If it throws, nothing is stored.
 */
export function acceptJob(deps: AcceptJobDeps, limits: BacklogLimits): AcceptJob {
  return async (dataset, request, caller, admit) => {
    const { pushLog, nudges, clock, newId } = deps;
    const { id: datasetId } = dataset;
    const { kind, method, form, payload, recordCount, replayOf, revision, triedRevision } = request;
    const idempotency = idempotencyOf(request, datasetId, caller);
    const known = idempotency && (await pushLog.findByKey(datasetId, idempotency));
    const isRetry = known && request.deliveryId !== undefined && (await pushLog.releaseFailed(known.jobId));
    if (known && !isRetry) return receiptOf(deps, dataset, known);
    refuseWithoutRoom(deps, request);
    await admit?.();
    const settled = settledOf(deps, dataset);
    const appending = pushLog.append({
      id: newId(),
      datasetId,
      acceptedAt: clock.now(),
      requestedBy: caller.name,
      idempotency,
      finalBefore: settled.position,
      bound: boundOf(settled, limits),
      kind,
      method,
      form,
      payload,
      recordCount,
      replayOf,
      revision,
      triedRevision,
    });
    const isTaken = isSmall(request) && deps.laneQueue.takeAhead(datasetId, settling(appending));
    const result = await appending;
    if (result.kind === 'BACKLOG_FULL') throw backlogFull(datasetId);
    nudges.nudge(datasetId);
    if (!isTaken) wakeLane(deps, datasetId);
    return receiptOf(deps, dataset, result);
  };
}

/** How far the dataset's lane is final, which may be further than when the dataset was read. */
function settledOf({ settled }: Pick<Deps, 'settled'>, dataset: Dataset): LanePlace {
  return laterPlace(dataset.settled, settled.get(dataset.id));
}

/** Throws DISK_FULL if the disk is full. Deletes are accepted even then, because they make room. */
function refuseWithoutRoom({ storage }: Pick<Deps, 'storage'>, { kind }: Pick<JobRequest, 'kind'>): void {
  if (kind === 'DELETE' || kind === 'DELETE_ALL') return;
  const shortage = storage.shortage();
  if (shortage !== null) throw new SluiceError('DISK_FULL', shortage);
}

type Decided = Exclude<AppendResult, { kind: 'BACKLOG_FULL' }>;

async function receiptOf({ ledger }: AcceptJobDeps, { connectionId }: Dataset, result: Decided): Promise<JobReceipt> {
  if (result.kind === 'APPENDED') return { connectionId, replayed: false, ...result.job };
  if (!result.sameRequest) {
    const message = `this idempotency key was used for another request, job ${result.jobId}; use a new key for a new request`;
    throw new SluiceError('IDEMPOTENCY_MISMATCH', message, { field: 'idempotencyKey' });
  }
  const job = await ledger.findJob(result.jobId);
  if (!job) throw notFound('job', result.jobId);
  return { connectionId, replayed: true, ...job };
}

/** Whether a job is stored so soon that its lane may be taken meanwhile. */
function isSmall({ payload }: Pick<JobRequest, 'payload'>): boolean {
  return payload.length <= SOON_STORED_BYTES;
}

/** Resolves once it is known whether a job was appended. */
async function settling(appending: Promise<unknown>): Promise<void> {
  await appending.catch(() => undefined);
}

/** Wakes the lane. The job is already durable, so a wake that fails is only reported: the sweep makes up for it, and the caller need not send the job again. */
function wakeLane({ laneQueue, reportError }: AcceptJobDeps, datasetId: string): void {
  laneQueue.wake(datasetId).catch((error: unknown) => reportError(error, `waking the lane of dataset ${datasetId}`));
}
