import type { Job } from '../domain/job/job.js';
import { isFinal } from '../domain/job/status.js';
import {
  beforeCurrent,
  eventsBehind,
  type JobStatusEvent,
  NOTHING_SEEN,
  placeOf,
} from '../domain/job/status-events.js';
import type { JobLedger } from '../ports/job-ledger.js';
import type { Deps } from './deps.js';
import { ledgerChanges } from './ledger-changes.js';

const JOBS_AT_ONCE = 500;

/**
 * The status events of all jobs of a dataset. It starts with the current status of every job that is not final (of the last job when all are), or,
 * given the last event a subscriber saw, with what came since; then every change of each job in order. Goes on until `signal` aborts.
 */
export async function* watchDataset(
  { ledger, nudges }: Pick<Deps, 'ledger' | 'nudges'>,
  datasetId: string,
  last: JobStatusEvent | null,
  signal: AbortSignal,
): AsyncGenerator<JobStatusEvent, void> {
  const changes = ledgerChanges(nudges, datasetId, signal);
  const started = await ledger.lastPosition(datasetId);
  const from = await ledger.positionBeforeUnfinished(datasetId, last?.at ?? NEVER);
  const view = new LaneView(last ? from : Math.min(from, Math.max(started - 1, 0)), (job) => {
    if (job.position > started && !last) return NOTHING_SEEN;
    return last ? seenAt(job, last) : beforeCurrent(job);
  });
  try {
    while (!signal.aborted) {
      for await (const job of openJobs(ledger, datasetId, view)) {
        for (const event of view.newEvents(job)) yield event;
      }
      await changes.next();
    }
  } finally {
    changes.stop();
  }
}

/** Later than any job ends. */
const NEVER = new Date(8.64e15);

/** What had been seen of a job by somebody whose last event was `last`: all that happened before it, and it. */
function seenAt(job: Job, last: JobStatusEvent): number {
  if (job.id === last.job.id) return placeOf(last.status);
  const before = job.history.filter((change) => change.at < last.at).at(-1);
  return before ? placeOf(before.status) : NOTHING_SEEN;
}

async function* openJobs(ledger: JobLedger, datasetId: string, view: LaneView): AsyncGenerator<Job> {
  let position = view.settledThrough;
  for (;;) {
    const jobs = await ledger.jobsBehind(datasetId, position, JOBS_AT_ONCE);
    yield* jobs;
    const end = jobs.at(-1);
    if (end === undefined || jobs.length < JOBS_AT_ONCE) return;
    position = end.position;
  }
}

/** How far a subscriber has seen a lane: all of it through one position, and of the jobs behind that, the ones not told to the end yet. */
class LaneView {
  readonly #seen = new Map<number, number>();

  constructor(
    public settledThrough: number,
    private readonly firstSeen: (job: Job) => number,
  ) {}

  newEvents(job: Job): JobStatusEvent[] {
    const events = eventsBehind(job, this.#seen.get(job.position) ?? this.firstSeen(job));
    this.#seen.set(job.position, placeOf(job.status));
    if (isFinal(job.status) && job.position === this.settledThrough + 1) {
      this.#seen.delete(job.position);
      this.settledThrough = job.position;
    }
    return events;
  }
}
