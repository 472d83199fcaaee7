/**
 * The life of a job. It starts with INITIALIZING and passes the statuses in this order; it skips none and repeats none. Until the end of JOINING it may change to
 * ERROR_EXIT (it was refused) or TERMINATED_EXIT (on request); then it has changed nothing. JOINING ends with the commit point. After that, the job
 * ends in COMPLETE, or in ERROR_EXIT if the record store rejects every record of it, which is a defect.
 */
export const JOB_STATUSES = [
  'INITIALIZING',
  'QUERYING_DATASOURCES',
  'PUMPING_DATASOURCES',
  'FILLING_JOIN_LAKES',
  'JOINING',
  'FILLING_ES',
  'COMPLETE',
  'TERMINATED_EXIT',
  'ERROR_EXIT',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** The statuses that the jobs of a group share. They are stored once for each group. */
export type GroupStatus = Exclude<JobStatus, 'INITIALIZING' | FinalStatus>;
export type FinalStatus = 'COMPLETE' | 'TERMINATED_EXIT' | 'ERROR_EXIT';

export function isFinal(status: JobStatus): status is FinalStatus {
  return status === 'COMPLETE' || status === 'TERMINATED_EXIT' || status === 'ERROR_EXIT';
}

const PERCENT: Record<JobStatus, number> = {
  INITIALIZING: 0,
  QUERYING_DATASOURCES: 5,
  PUMPING_DATASOURCES: 20,
  FILLING_JOIN_LAKES: 40,
  JOINING: 50,
  FILLING_ES: 70,
  COMPLETE: 100,
  TERMINATED_EXIT: 100,
  ERROR_EXIT: 100,
};

/**
 * How much of a job is done, 0 to 100. `progress`, 0 to 1, is how much of JOINING is done, which is nearly all the work of a job that reads stored records. The percentage
 * never goes back, because the status and `progress` never do.
 */
export function percentComplete(status: JobStatus, progress = 0): number {
  if (status !== 'JOINING') return PERCENT[status];
  return Math.floor(PERCENT.JOINING + progress * (PERCENT.FILLING_ES - PERCENT.JOINING));
}
