import type { Job } from '../domain/job/job.js';
import type { Caller } from '../domain/security/caller.js';
import type { AcceptJob } from './accept-job.js';
import { appliedDataset } from './applied-dataset.js';
import type { Deps } from './deps.js';

/**
 * Accepts a job that makes all rows of a dataset again from the push log, because they are lost or to move them to another record store. If a rebuild is not final
 * yet, returns that job. Throws NOT_FOUND, NOT_APPLIED or BACK_PRESSURE.
 */
export function rebuildDataset({ catalog, ledger }: Pick<Deps, 'catalog' | 'ledger'>, accept: AcceptJob) {
  return async (datasetId: string, caller: Caller): Promise<Job> => {
    const dataset = await appliedDataset(catalog, datasetId);
    const open = await ledger.openJob(datasetId, 'REBUILD');
    if (open) return open;
    const payload = Buffer.alloc(0);
    return accept(dataset, { kind: 'REBUILD', method: 'REPLACE', form: 'NONE', payload, recordCount: 0 }, caller);
  };
}
