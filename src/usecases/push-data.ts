import type { Dataset } from '../domain/dataset.js';
import { type ErrorCode, SluiceError } from '../domain/errors.js';
import type { DocumentUpdateMethod, PayloadForm } from '../domain/job/job.js';
import { ownText } from '../domain/own-text.js';
import { checkRecords } from '../domain/push/check-records.js';
import type { SentData } from '../domain/push/sent-data.js';
import type { Caller } from '../domain/security/caller.js';
import type { AcceptJob, JobReceipt, JobRequest } from './accept-job.js';
import { appliedDataset, hasIdentifier } from './applied-dataset.js';
import type { Deps } from './deps.js';
import type { RecentReads } from './recent-reads.js';

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

/** What a dataset that was read a moment ago may refuse, and its current state may accept. */
const READ_AGAIN: readonly ErrorCode[] = ['BACK_PRESSURE', 'UPSERT_NEEDS_IDENTIFIER'];

/**
 * Accepts a push. It checks only that `data` is an array of objects; the load checks whether they fit the sample. The dataset may be as it was in the last second, but no refusal rests on that.
 * Throws NOT_FOUND, NOT_APPLIED, BAD_REQUEST, PAYLOAD_TOO_LARGE, UPSERT_NEEDS_IDENTIFIER, IDEMPOTENCY_MISMATCH or BACK_PRESSURE; then nothing is stored.
 */
export function pushData({ catalog }: Pick<Deps, 'catalog'>, accept: AcceptJob, recent: RecentReads<Dataset>) {
  /** Reads the dataset, and keeps it for the next second. */
  function readNow(datasetId: string): Promise<Dataset> {
    return recent.read(ownText(datasetId), () => appliedDataset(catalog, datasetId));
  }

  async function push(dataset: Dataset, request: PushRequest, caller: Caller): Promise<JobReceipt> {
    const { documentUpdateMethod: method, payload, form, idempotencyKey, deliveryId } = request;
    const { count: recordCount } = request.data;
    const job: JobRequest = { kind: 'PUSH', method, form, payload, recordCount, idempotencyKey, deliveryId };
    return accept(dataset, job, caller, async () => {
      if (method !== 'UPSERT' || (await hasIdentifier(catalog, dataset))) return;
      const message =
        'an upsert finds stored records by their unique identifiers, and this dataset has none; push with REPLACE, or mark a column as unique identifier and apply';
      throw new SluiceError('UPSERT_NEEDS_IDENTIFIER', message, { field: 'documentUpdateMethod' });
    });
  }

  return async (request: PushRequest, caller: Caller): Promise<JobReceipt> => {
    const { datasetId } = request;
    const known = recent.get(datasetId);
    const dataset = known ?? (await readNow(datasetId));
    checkRecords(request.data, 'data');
    try {
      return await push(dataset, request, caller);
    } catch (error) {
      if (!known || !(error instanceof SluiceError && READ_AGAIN.includes(error.code))) throw error;
    }
    return push(await readNow(datasetId), request, caller);
  };
}
