/**
 * The life of a job. It starts INITIALIZING and passes the statuses in this order, none skipped and none twice. Up to and with JOINING it may
 * leave for ERROR_EXIT (its data was refused) or TERMINATED_EXIT (on request) and has then changed nothing. JOINING ends with the commit point;
 * from there it can only go on to COMPLETE, or to ERROR_EXIT where the record store refuses every record of it, a defect.
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

/** The statuses a group of jobs shares, stored once a group. */
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
 * Percent of the way to the end, 0 to 100. `progress`, 0 to 1, is how much of the work of JOINING is done, which is nearly all work of a job that goes through
 * stored records. Never goes back, since neither of them does.
 */
export function percentComplete(status: JobStatus, progress = 0): number {
  if (status !== 'JOINING') return PERCENT[status];
  return Math.floor(PERCENT.JOINING + progress * (PERCENT.FILLING_ES - PERCENT.JOINING));
}
