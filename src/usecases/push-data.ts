import { SluiceError } from '../domain/errors.js';
import type { DocumentUpdateMethod, PayloadForm } from '../domain/job/job.js';
import { checkRecords } from '../domain/push/check-records.js';
import type { SentData } from '../domain/push/sent-data.js';
import type { Caller } from '../domain/security/caller.js';
import type { AcceptJob, JobReceipt } from './accept-job.js';
import { appliedDataset, hasIdentifier } from './applied-dataset.js';
import type { Deps } from './deps.js';

export interface PushRequest {
  readonly datasetId: string;
  readonly documentUpdateMethod: DocumentUpdateMethod;
  /** What the payload holds as records. */
  readonly data: SentData;
  /** The decompressed body for the push log, and the form in which it contains the records. */
  readonly payload: Buffer;
  readonly form: PayloadForm;
  /** The caller's name for this request. The same request with the same key gets the same job. */
  readonly idempotencyKey?: string | undefined;
  /** Only for webhooks: the sender's id of the delivery, which needs no other key. */
  readonly deliveryId?: string | undefined;
}

/**
 * Accepts a push. It checks only that `data` is an array of objects; the load checks whether they fit the sample. Throws NOT_FOUND, NOT_APPLIED, BAD_REQUEST, PAYLOAD_TOO_LARGE,
 * UPSERT_NEEDS_IDENTIFIER, IDEMPOTENCY_MISMATCH or BACK_PRESSURE; then nothing is stored.
 */
export function pushData({ catalog }: Pick<Deps, 'catalog'>, accept: AcceptJob) {
  return async (request: PushRequest, caller: Caller): Promise<JobReceipt> => {
    const { documentUpdateMethod: method, payload, form, idempotencyKey, deliveryId } = request;
    const dataset = await appliedDataset(catalog, request.datasetId);
    checkRecords(request.data, 'data');
    const { count: recordCount } = request.data;
    const push = { kind: 'PUSH', method, form, payload, recordCount } as const;
    return accept(dataset, { ...push, idempotencyKey, deliveryId }, caller, async () => {
      if (method !== 'UPSERT' || (await hasIdentifier(catalog, dataset))) return;
      const message =
        'an upsert finds stored records by their unique identifiers, and this dataset has none; push with REPLACE, or mark a column as unique identifier and apply';
      throw new SluiceError('UPSERT_NEEDS_IDENTIFIER', message, { field: 'documentUpdateMethod' });
    });
  };
}
