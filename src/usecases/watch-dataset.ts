import type { Job } from '../domain/job/job.js';
import { isFinal } from '../domain/job/status.js';
import {
  beforeCurrent,
  eventsBehind,
  finalBefore,
  type JobStatusEvent,
  NOTHING_SEEN,
  placeOf,
  type SeenStatus,
} from '../domain/job/status-events.js';
import type { JobLedger } from '../ports/job-ledger.js';
import type { Deps } from './deps.js';
import { ledgerChanges } from './ledger-changes.js';

/** How many jobs a look at the ledger reads. The jobs after these are told of once the first of them are final. */
const WINDOW = 200;

/**
 * The status events of all jobs of a dataset. It starts with the current status of every job that is not final (of the last job when all are), or,
 * given the last event a subscriber saw, after that; then every change of each job in order. Ends once the dataset is deleted and all of its jobs were
 * reported to their end, or when `signal` aborts.
 *
 * An event is sent only after all jobs that were final before it have been reported in full. So the last event seen says, without a clock, what must have
 * been seen before it: all of those jobs, and its own job up to it. Every other job is reported from its beginning, whether or not some of it was seen.
 */
export async function* watchDataset(
  { ledger, nudges }: Pick<Deps, 'ledger' | 'nudges'>,
  datasetId: string,
  last: JobStatusEvent | null,
  signal: AbortSignal,
): AsyncGenerator<JobStatusEvent, void> {
  const changes = ledgerChanges(nudges, datasetId, signal);
  try {
    const view = last ? viewBehind(last) : await viewOfNow(ledger, datasetId);
    let isClosed = false;
    while (!signal.aborted) {
      const { settledThrough } = view;
      const jobs = await ledger.jobsBehind(datasetId, settledThrough, WINDOW);
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

function viewBehind(last: JobStatusEvent): LaneView {
  return new LaneView(finalBefore(last), ({ id }) => (id === last.job.id ? placeOf(last.status) : NOTHING_SEEN));
}

async function viewOfNow(ledger: JobLedger, datasetId: string): Promise<LaneView> {
  const started = await ledger.lastPosition(datasetId);
  const firstOpen = (await ledger.firstOpenPosition(datasetId)) ?? started;
  const from = Math.max(Math.min(firstOpen, started) - 1, 0);
  return new LaneView(from, (job) => (job.position > started ? NOTHING_SEEN : beforeCurrent(job)));
}

/** How far a subscriber has been told of a lane: all of it through one position, and something of the jobs after that. */
class LaneView {
  readonly #seen = new Map<number, SeenStatus>();

  constructor(
    public settledThrough: number,
    private readonly firstSeen: (job: Job) => SeenStatus,
  ) {}

  *newEvents(job: Job): Generator<JobStatusEvent, void> {
    for (const event of eventsBehind(job, this.#seen.get(job.position) ?? this.firstSeen(job))) {
      // A job before it was read while it was not final yet; the next look shows its end.
      if (finalBefore(event) > this.settledThrough) return;
      this.#seen.set(job.position, placeOf(event.status));
      yield event;
    }
    if (isFinal(job.status) && job.position === this.settledThrough + 1) {
      this.#seen.delete(job.position);
      this.settledThrough = job.position;
    }
  }
}
