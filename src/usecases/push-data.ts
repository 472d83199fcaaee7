import { SluiceError } from '../domain/errors.js';
import type { DocumentUpdateMethod, Job, PayloadForm } from '../domain/job/job.js';
import type { JsonValue } from '../domain/json/json-value.js';
import { checkRecords } from '../domain/push/check-records.js';
import { notFound } from './checks.js';
import type { Caller, Deps } from './deps.js';

export interface PushRequest {
  readonly datasetId: string;
  readonly documentUpdateMethod: DocumentUpdateMethod;
  /** The records as parsed from `payload`. */
  readonly data: JsonValue | undefined;
  /** The decompressed body that goes to the push log, and how it spells the records. */
  readonly payload: Buffer;
  readonly form: PayloadForm;
}

type PushDeps = Pick<Deps, 'catalog' | 'pushLog' | 'laneQueue' | 'nudges' | 'clock' | 'newId' | 'reportError'>;

/**
 * Accepts a push: when it resolves, payload and job are durable and the lane has been woken. Whether the records fit the sample is found out by
 * the load; here they only need the form of records. Throws NOT_FOUND, NOT_APPLIED, BAD_REQUEST or UPSERT_NEEDS_IDENTIFIER, and then nothing is
 * stored.
 */
export function pushData(deps: PushDeps) {
  return async (request: PushRequest, caller: Caller): Promise<Job> => {
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
    const job = await pushLog.append({
      id: newId(),
      datasetId,
      kind: 'PUSH',
      method,
      form,
      payload,
      recordCount: records.length,
      acceptedAt: clock.now(),
      requestedBy: caller.keyName,
    });
    nudges.nudge(datasetId);
    wakeLane(deps, datasetId);
    return job;
  };
}

/** The push is durable already: a wake that fails is made up for by the sweep, and must not make the caller send it again. */
function wakeLane({ laneQueue, reportError }: PushDeps, datasetId: string): void {
  laneQueue.wake(datasetId).catch((error: unknown) => reportError(error, `waking the lane of dataset ${datasetId}`));
}
