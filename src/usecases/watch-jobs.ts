import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import { isFinal } from '../domain/job/status.js';
import { beforeCurrent, eventsAfter, type JobStatusEvent, parseEventId, rankOf } from '../domain/job/status-events.js';
import { type Caller, requireArea } from '../domain/security/caller.js';
import { notFound } from './checks.js';
import type { Deps } from './deps.js';
import { ledgerChanges } from './ledger-changes.js';
import { watchDataset } from './watch-dataset.js';

export interface WatchRequest {
  readonly jobId?: string;
  readonly datasetId?: string;
  /** The id of the last event that the subscriber saw; the events after it are sent first. */
  readonly after?: string;
}

type WatchDeps = Pick<Deps, 'catalog' | 'ledger' | 'nudges'>;

/**
 * Watches one job, or all jobs of a dataset: yields the current status and then every change, in order, without gaps. With a job it ends after the final status; with
 * a dataset it ends when `signal` aborts or the dataset is deleted. The ledger is read only when the consumer asks for more, so a slow one costs no memory. Throws
 * FORBIDDEN, NOT_FOUND, and BAD_REQUEST if neither is given or `after` does not fit.
 */
export function watchJobs(deps: WatchDeps, caller: Caller) {
  return async (request: WatchRequest, signal: AbortSignal): Promise<AsyncGenerator<JobStatusEvent, void>> => {
    const { jobId, datasetId, after } = request;
    if (jobId !== undefined) {
      const job = await deps.ledger.findJob(jobId);
      requireArea(caller, 'JOBS', job?.datasetId);
      if (!job || (datasetId !== undefined && job.datasetId !== datasetId)) throw notFound('job', jobId);
      return watchJob(deps, job, seenOf(job, after), signal);
    }
    if (datasetId === undefined) {
      throw new SluiceError(
        'BAD_REQUEST',
        'give jobId, to watch one job, or datasetId, to watch all jobs of a dataset',
      );
    }
    requireArea(caller, 'JOBS', datasetId);
    if (!(await deps.catalog.findDataset(datasetId))) throw notFound('dataset', datasetId);
    return watchDataset(deps, datasetId, await lastEvent(deps, datasetId, after), signal);
  };
}

function seenOf(job: Job, after: string | undefined): number {
  if (after === undefined) return beforeCurrent(job);
  const { jobId, seen } = parseEventId(after);
  if (jobId !== job.id)
    throw new SluiceError('BAD_REQUEST', 'after is the id of an event of another job; give one of this job', {
      field: 'after',
    });
  return seen;
}

async function lastEvent({ ledger }: WatchDeps, datasetId: string, after?: string): Promise<JobStatusEvent | null> {
  if (after === undefined) return null;
  const { jobId, seen } = parseEventId(after);
  const job = await ledger.findJob(jobId);
  const event = job?.datasetId === datasetId ? eventsAfter(job, seen - 1)[0] : undefined;
  if (event?.id !== after) {
    throw new SluiceError('BAD_REQUEST', 'after is not the id of an event of this dataset; give one of its events', {
      field: 'after',
    });
  }
  return event;
}

async function* watchJob(
  { ledger, nudges }: WatchDeps,
  { id, datasetId }: Job,
  startSeen: number,
  signal: AbortSignal,
): AsyncGenerator<JobStatusEvent, void> {
  const changes = ledgerChanges(nudges, datasetId, signal);
  try {
    let seen = startSeen;
    while (!signal.aborted) {
      const job = await ledger.findJob(id);
      if (job === null) return;
      for (const event of eventsAfter(job, seen)) {
        yield event;
        seen = rankOf(event.status);
      }
      if (isFinal(job.status)) return;
      await changes.next();
    }
  } finally {
    changes.stop();
  }
}
