import { SluiceError } from '../domain/errors.js';
import type { PayloadForm } from '../domain/job/job.js';
import { stringifyJson } from '../domain/json/stringify-json.js';
import { checkRecords } from '../domain/push/check-records.js';
import type { SentData } from '../domain/push/sent-data.js';
import { parseFilter, type RecordFilterInput } from '../domain/query/parse-filter.js';
import type { Caller } from '../domain/security/caller.js';
import { visibleColumns } from '../domain/security/visible-columns.js';
import type { AcceptJob, JobReceipt } from './accept-job.js';
import { appliedDataset, appliedDesign, hasIdentifier } from './applied-dataset.js';
import type { Deps } from './deps.js';

interface DeleteTarget {
  readonly datasetId: string;
  readonly idempotencyKey?: string | undefined;
}

/** Which records to delete, by their unique identifiers; `payload` and `form` are the same as for a push. */
export interface DeleteRequest extends DeleteTarget {
  readonly data: SentData;
  readonly payload: Buffer;
  readonly form: PayloadForm;
}

/** Which records to delete: those that have a matching row when the job's turn comes. */
export interface DeleteMatchingRequest extends DeleteTarget {
  readonly where: RecordFilterInput;
}

/** Accepts deletes as jobs of the lane. Each can throw NOT_FOUND, NOT_APPLIED, IDEMPOTENCY_MISMATCH or BACK_PRESSURE; then nothing is stored. */
export function deleteData({ catalog }: Pick<Deps, 'catalog'>, accept: AcceptJob) {
  return {
    /** Throws IDENTIFIER_REQUIRED if the applied design has no unique identifier, and BAD_REQUEST if `data` is not an array of objects. */
    async byIdentifiers(request: DeleteRequest, caller: Caller): Promise<JobReceipt> {
      const { payload, form, idempotencyKey } = request;
      const dataset = await appliedDataset(catalog, request.datasetId);
      checkRecords(request.data, 'data');
      const { count: recordCount } = request.data;
      const job = { kind: 'DELETE', method: 'REPLACE', form, payload, recordCount, idempotencyKey } as const;
      return accept(dataset, job, caller, async () => {
        if (await hasIdentifier(catalog, dataset)) return;
        const message =
          'data deletes records by their unique identifiers, and this dataset has none; delete with where, or mark a column as unique identifier and apply';
        throw new SluiceError('IDENTIFIER_REQUIRED', message, { field: 'data' });
      });
    },

    /** Throws BAD_REQUEST for a filter that does not fit the applied design, or that names a column which the caller does not see. */
    async matching({ datasetId, where, idempotencyKey }: DeleteMatchingRequest, caller: Caller): Promise<JobReceipt> {
      const dataset = await appliedDataset(catalog, datasetId);
      const payload = Buffer.from(stringifyJson(where));
      const job = {
        kind: 'DELETE',
        method: 'REPLACE',
        form: 'FILTER',
        payload,
        recordCount: 0,
        idempotencyKey,
      } as const;
      return accept(dataset, job, caller, async () => {
        const { columns } = (await appliedDesign(catalog, dataset)) ?? { columns: [] };
        // What such a delete counts would tell others the values of sensitive columns.
        parseFilter(where, caller.access.may('MANAGE', datasetId) ? columns : visibleColumns(columns));
      });
    },

    /** Deletes every record. */
    async all({ datasetId, idempotencyKey }: DeleteTarget, caller: Caller): Promise<JobReceipt> {
      const dataset = await appliedDataset(catalog, datasetId);
      const payload = Buffer.alloc(0);
      const job = {
        kind: 'DELETE_ALL',
        method: 'REPLACE',
        form: 'NONE',
        payload,
        recordCount: 0,
        idempotencyKey,
      } as const;
      return accept(dataset, job, caller);
    },
  };
}
