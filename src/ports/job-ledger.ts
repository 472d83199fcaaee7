import type { ErrorSummaryEntry, Job, JobError, JobKind } from '../domain/job/job.js';
import type { JobStatus } from '../domain/job/status.js';
import type { ListPage } from './catalog.js';

export interface JobListQuery {
  readonly datasetId?: string;
  readonly status?: readonly JobStatus[];
  readonly kind?: readonly JobKind[];
  readonly first: number;
  /** The id of the last job of the previous page. */
  readonly after?: string;
}

/** A trial, and the revision of the design that it tries. */
export interface Trial {
  readonly job: Job;
  readonly triedRevision: number;
}

export interface HeldUpDataset {
  readonly datasetId: string;
  readonly since: Date;
}

/** Jobs as users see them, read from the push log. */
export interface JobLedger {
  findJob(id: string): Promise<Job | null>;
  /** A job once it is final; OPEN before that, which costs less than to find it; null if there is none. */
  findFinal(job: Pick<Job, 'id' | 'datasetId'>): Promise<Job | 'OPEN' | null>;
  /** Newest first. */
  listJobs(query: JobListQuery): Promise<ListPage<Job>>;
  /** Jobs that end while they are counted may count twice if the query has statuses of both kinds, final and not. */
  countJobs(query: Omit<JobListQuery, 'first' | 'after'>): Promise<number>;
  /** The jobs of one lane after `position`, in lane order; at most `limit`. */
  jobsAfter(datasetId: string, position: number, limit: number): Promise<readonly Job[]>;
  /** A job of this kind that is not final; null if there is none. */
  openJob(datasetId: string, kind: Exclude<JobKind, 'PUSH'>): Promise<Job | null>;
  /** The last trial that a lane accepted; null if it accepted none. */
  lastTrial(datasetId: string): Promise<Trial | null>;
  /** The position of the last job of a lane; 0 if it has none. */
  lastPosition(datasetId: string): Promise<number>;
  /** Whether the lane has jobs after this position. */
  hasJobsAfter(datasetId: string, position: number): Promise<boolean>;
  /** The position of the first job of a lane that is not final; null if all are. */
  firstOpenPosition(datasetId: string): Promise<number | null>;
  /** Whether a lane accepts no more jobs, because its dataset is deleted. */
  isLaneClosed(datasetId: string): Promise<boolean>;
  /** The datasets whose loads are held up and since when, the longest first; at most `limit`. */
  heldUp(limit: number): Promise<readonly HeldUpDataset[]>;
  /** The kept errors of a job, in record order; none until the job is final. */
  errorsOf(jobId: string): Promise<readonly JobError[]>;
  /** Why records of a job were refused, one entry for each reason; empty until the job is final. */
  errorSummaryOf(jobId: string): Promise<readonly ErrorSummaryEntry[]>;
}
