import type { ErrorSummaryEntry, Job, JobError } from '../domain/job/job.js';
import type { JobListQuery } from '../ports/job-ledger.js';
import { checkedFirst, notFound } from './checks.js';
import type { Deps } from './deps.js';
import type { CountedPage } from './read-catalog.js';

/** Reads jobs and their errors from the ledger. Lists have the newest first. */
export function readJobs({ ledger }: Pick<Deps, 'ledger'>) {
  return {
    job: (id: string): Promise<Job | null> => ledger.findJob(id),
    /** Throws NOT_FOUND. */
    async existingJob(id: string): Promise<Job> {
      const job = await ledger.findJob(id);
      if (!job) throw notFound('job', id);
      return job;
    },
    /** The errors of a job's first 100 refused records, at most 10 each, in record order. */
    errorsOf: (jobId: string): Promise<readonly JobError[]> => ledger.errorsOf(jobId),
    /** Why a job's records were refused: at most 1,000 entries, and one entry for all other reasons. */
    errorSummaryOf: (jobId: string): Promise<readonly ErrorSummaryEntry[]> => ledger.errorSummaryOf(jobId),
    async jobs(query: JobListQuery): Promise<CountedPage<Job>> {
      const page = await ledger.listJobs({ ...query, first: checkedFirst(query.first) });
      return { ...page, totalCount: () => ledger.countJobs(query) };
    },
  };
}
