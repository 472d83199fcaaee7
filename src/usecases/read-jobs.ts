import type { Dataset } from '../domain/dataset.js';
import type { ErrorSummaryEntry, Job, JobError } from '../domain/job/job.js';
import { type Caller, requireArea } from '../domain/security/caller.js';
import type { JobListQuery } from '../ports/job-ledger.js';
import { checkedFirst, notFound } from './checks.js';
import type { Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';
import { latestTrial } from './try-changes.js';

type JobIds = Pick<Job, 'id' | 'datasetId'>;

/** Reads jobs and their errors from the ledger. Lists have the newest first. Throws FORBIDDEN for jobs that the caller does not see, whether or not they exist. */
export function readJobs({ ledger }: Pick<Deps, 'ledger'>, caller: Caller) {
  const job = async (id: string): Promise<Job | null> => {
    const found = await ledger.findJob(id);
    requireArea(caller, 'JOBS', found?.datasetId);
    return found;
  };

  return {
    job,
    /** Throws NOT_FOUND. */
    async existingJob(id: string): Promise<Job> {
      const found = await job(id);
      if (!found) throw notFound('job', id);
      return found;
    },
    /** The errors of a job's first 100 refused records, at most 10 each, in record order. */
    async errorsOf({ id, datasetId }: JobIds): Promise<readonly JobError[]> {
      requireArea(caller, 'JOBS', datasetId);
      return ledger.errorsOf(id);
    },
    /** Why a job's records were refused: at most 1,000 entries, and one entry for all other reasons. */
    async errorSummaryOf({ id, datasetId }: JobIds): Promise<readonly ErrorSummaryEntry[]> {
      requireArea(caller, 'JOBS', datasetId);
      return ledger.errorSummaryOf(id);
    },
    /** The latest trial of the current draft; null if this draft has not been tried. */
    async latestTrial(dataset: Dataset): Promise<Job | null> {
      requireArea(caller, 'JOBS', dataset.id);
      return latestTrial(ledger, dataset);
    },
    async jobs(query: JobListQuery): Promise<CountedPage<Job>> {
      requireArea(caller, 'JOBS', query.datasetId);
      const page = await ledger.listJobs({ ...query, first: checkedFirst(query.first) });
      return { ...page, totalCount: () => ledger.countJobs(query) };
    },
  };
}
