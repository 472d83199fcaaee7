import { countsOfRefused, type LaneJob, type Mismatch } from '../domain/job/job.js';
import { refusedWhole } from '../domain/job/whole-job.js';
import { type Applied, applied, type GroupRun, JOB_TERMINATED } from './group-run.js';

/** How many runs in a row may be interrupted before the commit point of a group of one job. */
const MAX_INTERRUPTIONS = 8;

/** After so many, a group of several jobs is split, so that one of them alone is given up. */
export const SPLIT_AFTER = 2;

/**
 * Whether no further run is to work on a group: each one that did was gone, or stood still beyond its lease, before the commit point. Waiting for a server, a
 * stop of the service and a database that is away are no such interruptions.
 */
export function isGivenUp({ committed, progress }: GroupRun): boolean {
  return !committed && progress.group.interruptions >= MAX_INTERRUPTIONS;
}

/** Ends the jobs of such a group as refused. Their payloads are not read: that may be what no run survives. */
export async function giveUp(run: GroupRun, jobs: readonly LaneJob[]): Promise<Applied> {
  const { deps, progress } = run;
  progress.enter('PUMPING_DATASOURCES');
  progress.enter('FILLING_JOIN_LAKES');
  progress.enter('JOINING');
  const outcomes = jobs.map((job) => refusedWhole(job, countsOfRefused(job.recordCount), exhausted(job)));
  if ((await run.commit(outcomes)) === 'JOB_TERMINATED') return JOB_TERMINATED;
  for (const job of jobs) {
    const { message } = exhausted(job);
    deps.reportError(new Error(`job ${job.id} of dataset ${job.datasetId}: ${message}`), 'giving up a job');
  }
  return applied({});
}

function exhausted({ kind, recordCount }: Pick<LaneJob, 'kind' | 'recordCount'>): Mismatch {
  const wayOut =
    recordCount > 0
      ? 'send its records again in smaller parts to find the one that does it'
      : `ask for the ${kind} again once that is put right`;
  return {
    pointer: '',
    code: 'ATTEMPTS_EXHAUSTED',
    message: `${MAX_INTERRUPTIONS} workers in a row that took up this job stopped, or stood still for longer than their lease, before its commit point; it changed nothing. Look at the service's log and memory for the time of its attempts; ${wayOut}`,
    expected: 'a worker that reaches the commit point',
    actual: `${MAX_INTERRUPTIONS} that did not`,
  };
}
