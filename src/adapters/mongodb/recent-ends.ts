import type { Job } from '../../domain/job/job.js';
import { LatestEntries } from '../../domain/latest-entries.js';
import type { GroupDocument, JobDocument } from './documents.js';
import { toJob } from './job-view.js';

const LANES_KEPT = 1_000;
const JOBS_OF_GROUP = 10;

interface EndedGroup {
  readonly group: GroupDocument;
  /** As their end has left them. */
  readonly jobs: readonly JobDocument[];
}

/** The last small group of each lane that this process has ended, so that who waits for one of its jobs need not read it. Such a job never changes again. */
export class RecentEnds {
  readonly #lanes = new LatestEntries<EndedGroup>(LANES_KEPT);

  /** `end`: what the end has set in each of the jobs, if they are as they were before it. */
  put({ group, jobs }: EndedGroup, end: Partial<JobDocument> = {}): void {
    if (jobs.length > JOBS_OF_GROUP) return;
    this.#lanes.put(group.datasetId, { group, jobs: jobs.map((job) => Object.assign({}, job, end)) });
  }

  /** The final job; null if it is not kept. */
  find(datasetId: string, jobId: string): Job | null {
    const ended = this.#lanes.get(datasetId);
    const document = ended?.jobs.find(({ _id }) => _id === jobId);
    return ended && document ? toJob(document, ended.group) : null;
  }
}
