import type { Job } from '../../domain/job/job.js';
import { type JobStatus, percentComplete } from '../../domain/job/status.js';

/** The statuses as the original spells them. */
const SPELLING: Record<JobStatus, string> = {
  INITIALIZING: 'Initializing',
  QUERYING_DATASOURCES: 'QueryingDatasources',
  PUMPING_DATASOURCES: 'PumpingDatasources',
  FILLING_JOIN_LAKES: 'FillingJoinLakes',
  JOINING: 'Joining',
  FILLING_ES: 'FillingEs',
  COMPLETE: 'Complete',
  TERMINATED_EXIT: 'TerminatedExit',
  ERROR_EXIT: 'ErrorExit',
};

/** The HTTP status of a request that waited for its job: scripts such as `curl -f` look at nothing else. */
export function httpStatusOf({ status }: Job): 200 | 202 | 409 | 422 {
  if (status === 'COMPLETE') return 200;
  if (status === 'ERROR_EXIT') return 422;
  return status === 'TERMINATED_EXIT' ? 409 : 202;
}

/** A job's status in the shape of the original; statistics are zeros until the job is final. */
export function statusBody(job: Job, connectionId: string, now: Date): object {
  const { read, added, updated, deleted, failed } = job.counts;
  const successful = read - failed;
  return {
    statusJob: {
      jobId: job.id,
      status: SPELLING[job.status],
      approximatePercentComplete: percentComplete(job.status, job.progress),
      runtime: runtime(elapsedMs(job, now)),
    },
    jobCompletionStatistics: {
      dataSourcePumpStatistics: {
        [connectionId]: { failed, pumpTimeSeconds: pumpSeconds(job), read, successful },
      },
      fillingEsStatistics: { added, deleted, failed, updated },
      failed,
      successful,
      updated,
      health: {},
    },
  };
}

function elapsedMs({ startedAt, finishedAt }: Job, now: Date): number {
  return startedAt === null ? 0 : Math.max(0, (finishedAt ?? now).getTime() - startedAt.getTime());
}

/** From the start of PUMPING_DATASOURCES to the start of the next status; zero until the job is final. */
function pumpSeconds({ history, finishedAt }: Job): number {
  const start = history.findIndex(({ status }) => status === 'PUMPING_DATASOURCES');
  const next = history[start + 1];
  const pumping = history[start];
  return finishedAt && pumping && next ? (next.at.getTime() - pumping.at.getTime()) / 1000 : 0;
}

function runtime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m ${seconds % 60}s`;
}
