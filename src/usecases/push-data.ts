import { SluiceError } from '../domain/errors.js';
import type { DocumentUpdateMethod, Job, PayloadForm } from '../domain/job/job.js';
import type { JsonValue } from '../domain/json/json-value.js';
import { checkRecords } from '../domain/push/check-records.js';
import type { AppendResult } from '../ports/push-log.js';
import { type BacklogLimits, backlogFull, boundOf } from './backlog.js';
import { notFound } from './checks.js';
import type { Caller, Deps } from './deps.js';
import { idempotencyOf } from './idempotency.js';

export interface PushRequest {
  readonly datasetId: string;
  readonly documentUpdateMethod: DocumentUpdateMethod;
  /** The records as parsed from `payload`. */
  readonly data: JsonValue | undefined;
  /** The decompressed body that goes to the push log, and how it spells the records. */
  readonly payload: Buffer;
  readonly form: PayloadForm;
  /** The caller's name for this request: when it comes again, it gets the same job. */
  readonly idempotencyKey?: string | undefined;
}

/** The job of a push; `replayed` when this request had been accepted before. */
export interface PushAnswer extends Job {
  readonly replayed: boolean;
}

type PushDeps = Pick<
  Deps,
  'catalog' | 'pushLog' | 'ledger' | 'laneQueue' | 'nudges' | 'clock' | 'newId' | 'reportError'
>;

/**
 * Accepts a push: when it resolves, payload and job are durable and the lane has been woken. Whether the records fit the sample is found out by
 * the load; here they only need the form of records. A request whose idempotency key was used before gets that job, or IDEMPOTENCY_MISMATCH when it
 * asks for something else. Throws NOT_FOUND, NOT_APPLIED, BAD_REQUEST, UPSERT_NEEDS_IDENTIFIER or BACK_PRESSURE, and
 * then nothing is stored.
 */
export function pushData(deps: PushDeps, limits: BacklogLimits) {
  return async (request: PushRequest, caller: Caller): Promise<PushAnswer> => {
    const { catalog, pushLog, nudges, clock, newId } = deps;
    const { datasetId, documentUpdateMethod: method, payload, form } = request;
    const dataset = await catalog.findDataset(datasetId);
    if (!dataset) throw notFound('dataset', datasetId);
    if (dataset.appliedRevision === null) {
      throw new SluiceError('NOT_APPLIED', `dataset ${datasetId} has no applied design yet; apply changes, then push`);
    }
    const records = checkRecords(request.data, 'data');
    if (method === 'UPSERT') {
      const message =
        'an upsert finds stored records by a unique identifier, and this dataset has none; push with REPLACE';
      throw new SluiceError('UPSERT_NEEDS_IDENTIFIER', message, { field: 'documentUpdateMethod' });
    }
    const idempotency = idempotencyOf(request, caller);
    const known = idempotency && (await pushLog.findByKey(datasetId, idempotency));
    if (known) return answerTo(deps, known);
    const result = await pushLog.append({
      id: newId(),
      datasetId,
      kind: 'PUSH',
      method,
      form,
      payload,
      recordCount: records.length,
      acceptedAt: clock.now(),
      requestedBy: caller.keyName,
      idempotency,
      bound: boundOf(dataset, limits),
    });
    if (result.kind === 'BACKLOG_FULL') throw backlogFull(datasetId);
    nudges.nudge(datasetId);
    wakeLane(deps, datasetId);
    return answerTo(deps, result);
  };
}

type Decided = Exclude<AppendResult, { kind: 'BACKLOG_FULL' }>;

async function answerTo({ ledger }: PushDeps, result: Decided): Promise<PushAnswer> {
  if (result.kind === 'APPENDED') return { ...result.job, replayed: false };
  if (!result.sameRequest) {
    const message = `this idempotency key was used for another request, job ${result.jobId}; use a new key for a new request`;
    throw new SluiceError('IDEMPOTENCY_MISMATCH', message, { field: 'idempotencyKey' });
  }
  const job = await ledger.findJob(result.jobId);
  if (!job) throw notFound('job', result.jobId);
  return { ...job, replayed: true };
}

/** The push is durable already: a wake that fails is made up for by the sweep, and must not make the caller send it again. */
function wakeLane({ laneQueue, reportError }: PushDeps, datasetId: string): void {
  laneQueue.wake(datasetId).catch((error: unknown) => reportError(error, `waking the lane of dataset ${datasetId}`));
}
