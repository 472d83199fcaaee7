import { countsOfRefused, type LaneJob, type Mismatch } from '../domain/job/job.js';
import { refusedWhole } from '../domain/job/whole-job.js';
import type { Group } from '../ports/lane.js';
import { type Applied, applied, type GroupRun, JOB_TERMINATED } from './group-run.js';

/** A group is given up after this many runs in a row were interrupted before its commit point, and set apart after as many after it. */
const MAX_INTERRUPTIONS = 8;

/**
 * After this many interruptions, a group is suspected to cause them. One of several jobs is split, so that only the job that causes them is given up. It is loaded alone in
 * its process, and only interruptions that it suffers alone are counted from then on, so that no load beside it is given up with it.
 */
export const SPLIT_AFTER = 2;

/** How long the lane of a group rests before each further attempt that no worker may survive either. */
export const SET_APART_MS = 10 * 60_000;

/** When a group that has passed its commit point rests, and for how long. */
export const SET_APART = { after: MAX_INTERRUPTIONS, restMs: SET_APART_MS };

/** Whether a group may be loaded only alone. One that is given up is not loaded at all. */
export function isSuspected({ loaded, interruptions, lateInterruptions }: Group): boolean {
  if (loaded !== null) return lateInterruptions >= SPLIT_AFTER;
  return interruptions >= SPLIT_AFTER && interruptions < MAX_INTERRUPTIONS;
}

/**
 * Whether to stop trying to load a group, because too many runs in a row crashed, or stalled for longer than their lease, before its commit point. Waiting for a
 * server, a stop of the service and an unavailable database do not count as interruptions.
 */
export function isGivenUp({ committed, progress }: GroupRun): boolean {
  return !committed && progress.group.interruptions >= MAX_INTERRUPTIONS;
}

/** Ends the jobs of such a group as refused. Does not read their payloads, because reading them may be what crashes every run. */
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
      ? 'send its records again in smaller parts to find the one that causes it'
      : `request the ${kind} again after you have fixed the cause`;
  return {
    pointer: '',
    code: 'ATTEMPTS_EXHAUSTED',
    message: `${MAX_INTERRUPTIONS} workers in a row crashed, or stalled for longer than their lease, before the commit point of this job; it changed nothing. Look at the service's log and memory for the time of its attempts; ${wayOut}`,
    expected: 'a worker that reaches the commit point',
    actual: `${MAX_INTERRUPTIONS} workers that did not`,
  };
}
