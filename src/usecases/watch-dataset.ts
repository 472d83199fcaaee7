import type { Job } from '../domain/job/job.js';
import { isFinal } from '../domain/job/status.js';
import {
  beforeCurrent,
  eventsAfter,
  finalBefore,
  type JobStatusEvent,
  NOTHING_SEEN,
  rankOf,
  type SeenStatus,
} from '../domain/job/status-events.js';
import type { JobLedger } from '../ports/job-ledger.js';
import type { Deps } from './deps.js';
import { ledgerChanges } from './ledger-changes.js';

/** How many jobs are read from the ledger at a time. Later jobs are reported once the first of these are final. */
const WINDOW = 200;

/**
 * Yields the status events of all jobs of a dataset. Without `last` it starts with the current status of every job that is not final, or of the last job if all are
 * final; with `last`, the last event that the subscriber saw, it starts after that. Then it yields every change of each job in order. It ends once the dataset is
 * deleted and the final status of every job was sent, or when `signal` aborts.
 *
 * Invariant: an event is sent only after all jobs that were final before it have been reported in full. So the last event that a subscriber saw says, without a
 * clock, what it must have seen before: all of those jobs, and the event's own job up to it. Every other job is reported from its first status again.
 */
export async function* watchDataset(
  { ledger, nudges }: Pick<Deps, 'ledger' | 'nudges'>,
  datasetId: string,
  last: JobStatusEvent | null,
  signal: AbortSignal,
): AsyncGenerator<JobStatusEvent, void> {
  const changes = ledgerChanges(nudges, datasetId, signal);
  try {
    const view = last ? viewAfter(last) : await viewOfNow(ledger, datasetId);
    let isClosed = false;
    while (!signal.aborted) {
      const { settledThrough } = view;
      const jobs = await ledger.jobsAfter(datasetId, settledThrough, WINDOW);
      for (const job of jobs) yield* view.newEvents(job);
      if (view.settledThrough !== settledThrough) continue;
      // These jobs were read after the lane was closed, so none follows them.
      if (isClosed && jobs.every(({ status }) => isFinal(status))) return;
      isClosed ||= await ledger.isLaneClosed(datasetId);
      if (!isClosed || jobs.length > 0) await changes.next();
    }
  } finally {
    changes.stop();
  }
}

function viewAfter(last: JobStatusEvent): LaneView {
  return new LaneView(finalBefore(last), ({ id }) => (id === last.job.id ? rankOf(last.status) : NOTHING_SEEN));
}

async function viewOfNow(ledger: JobLedger, datasetId: string): Promise<LaneView> {
  const started = await ledger.lastPosition(datasetId);
  const firstOpen = (await ledger.firstOpenPosition(datasetId)) ?? started;
  const from = Math.max(Math.min(firstOpen, started) - 1, 0);
  return new LaneView(from, (job) => (job.position > started ? NOTHING_SEEN : beforeCurrent(job)));
}

/** What a subscriber has seen of a lane: everything through one position, and some statuses of the jobs after that. */
class LaneView {
  readonly #seen = new Map<number, SeenStatus>();

  constructor(
    public settledThrough: number,
    private readonly firstSeen: (job: Job) => SeenStatus,
  ) {}

  *newEvents(job: Job): Generator<JobStatusEvent, void> {
    for (const event of eventsAfter(job, this.#seen.get(job.position) ?? this.firstSeen(job))) {
      // An earlier job was read before it was final; the next read shows its end.
      if (finalBefore(event) > this.settledThrough) return;
      this.#seen.set(job.position, rankOf(event.status));
      yield event;
    }
    if (isFinal(job.status) && job.position === this.settledThrough + 1) {
      this.#seen.delete(job.position);
      this.settledThrough = job.position;
    }
  }
}
