import { SluiceError } from '../errors.js';
import { countsAt, type Job, type JobCounts } from './job.js';
import { JOB_STATUSES, type JobStatus, percentComplete } from './status.js';

/** One change of a job's status, as subscribers receive it. */
export interface JobStatusEvent {
  /** The same for every subscriber: resume after it with `after`. */
  readonly id: string;
  readonly job: Job;
  readonly status: JobStatus;
  readonly at: Date;
  readonly percentComplete: number;
  readonly counts: JobCounts;
}

/** What a subscriber has seen of one job: the rank of the last status it has seen; -1 before the first. */
export type SeenStatus = number;
export const NOTHING_SEEN: SeenStatus = -1;

/** The events of a job after the last seen status, in order. */
export function eventsAfter(job: Job, seen: SeenStatus): JobStatusEvent[] {
  return job.history
    .filter((change) => rankOf(change.status) > seen)
    .map(({ status, at }) => ({
      id: `${job.id}:${rankOf(status)}`,
      job,
      status,
      at,
      percentComplete: percentComplete(status),
      counts: countsAt(job, status),
    }));
}

/** All jobs up to and including this position were final before this event. */
export function finalBefore({ status, job }: JobStatusEvent): number {
  return status === 'INITIALIZING' ? job.finalBefore.acceptance : job.finalBefore.start;
}

/** The seen status of a subscriber whose next event is the job's current status. */
export function beforeCurrent(job: Job): SeenStatus {
  return rankOf(job.status) - 1;
}

/** The index of a status in {@link JOB_STATUSES}. */
export function rankOf(status: JobStatus): SeenStatus {
  return JOB_STATUSES.indexOf(status);
}

/** Parses the id of an event. Throws BAD_REQUEST if it is not one. */
export function parseEventId(id: string): { jobId: string; seen: SeenStatus } {
  const match = /^(?<jobId>[\w-]{1,64}):(?<rank>\d)$/.exec(id);
  const rank = Number(match?.groups?.rank);
  const jobId = match?.groups?.jobId;
  if (jobId === undefined || rank >= JOB_STATUSES.length) {
    const message = `after is ${JSON.stringify(id.slice(0, 100))}, which is not the id of a status event`;
    throw new SluiceError('BAD_REQUEST', message, { field: 'after' });
  }
  return { jobId, seen: rank };
}
