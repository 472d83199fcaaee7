import type { Dataset } from '../domain/dataset.js';
import { refuseFaults } from '../domain/design/edit-design.js';
import { validateDesign } from '../domain/design/validate-design.js';
import type { Job } from '../domain/job/job.js';
import type { Caller } from '../domain/security/caller.js';
import type { JobLedger } from '../ports/job-ledger.js';
import type { AcceptJob } from './accept-job.js';
import { appliedDataset } from './applied-dataset.js';
import { designOf } from './apply-changes.js';
import type { Deps } from './deps.js';
import { lookupFaults } from './design-lookups.js';

/**
 * Accepts a trial: a job that shows what applying the draft would do to the stored records, and changes nothing. If a trial of the same draft is not final yet, returns
 * that job. Throws NOT_FOUND, NOT_APPLIED, INVALID_DESIGN with every fault, DESIGN_CONFLICT if something else changes the draft at the same time, BACK_PRESSURE.
 */
export function tryChanges({ catalog, ledger }: Pick<Deps, 'catalog' | 'ledger'>, accept: AcceptJob) {
  return async (datasetId: string, caller: Caller): Promise<Job> => {
    const dataset = await appliedDataset(catalog, datasetId);
    const draft = await designOf(catalog, datasetId, dataset.draftRevision);
    refuseFaults([...validateDesign(draft), ...(await lookupFaults(catalog, draft, caller))]);
    const known = await latestTrial(ledger, dataset);
    if (known && known.finishedAt === null) return known;
    const payload = Buffer.alloc(0);
    const job = { kind: 'TRIAL', method: 'REPLACE', form: 'NONE', payload, recordCount: 0 } as const;
    return accept(dataset, { ...job, triedRevision: draft.revision }, caller);
  };
}

/** The latest trial of the current draft; null if this draft has not been tried. */
export async function latestTrial(
  ledger: Pick<JobLedger, 'lastTrial'>,
  { id, draftRevision }: Pick<Dataset, 'id' | 'draftRevision'>,
): Promise<Job | null> {
  const trial = await ledger.lastTrial(id);
  return trial?.triedRevision === draftRevision ? trial.job : null;
}
