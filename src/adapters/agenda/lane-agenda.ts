import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import type { Db } from 'mongodb';
import type { LaneQueue } from '../../ports/lane-queue.js';

const LOAD_LANE = 'load lane';
const JOBS = 'agenda_jobs';
/** Agenda's own minimum for finding the wakes of other processes. */
const POLL_MS = 1_000;
/** Short, so that Agenda soon gives away the wakes of a killed process. */
const LOCK_MS = 2_000;
/** Wakes taken with one poll; each takes a moment, as it only nudges the pool. */
const WAKES_AT_ONCE = 200;
/** A lane gets at most one durable wake from a process in so long: one of each poll is enough. */
const REST_MS = 500;
/** Due already, whatever the difference between this clock and another worker's. */
const AHEAD_MS = 60_000;

export interface LaneAgendaOptions {
  /** Loads a lane in this process; null in a process that only wakes others. */
  readonly nudge: ((datasetId: string) => void) | null;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** The rest of a lane after its last durable wake; `again` when it was woken meanwhile. */
interface Rest {
  readonly timer: NodeJS.Timeout;
  again: boolean;
}

/**
 * Wakes lanes twice over: a nudge within the process, at once, and an Agenda job, which outlives the process and reaches the others. Agenda jobs carry a
 * dataset's id and nothing else. Agenda's locks are not relied on: a lane has a lease.
 *
 * ```
 * accept --- nudge ------------------> this process loads the lane
 *        \-- Agenda job -- poll -----> any process nudges its own pool (no work is left: it finds the lane empty)
 * ```
 */
export class LaneAgenda implements LaneQueue {
  readonly #agenda: Agenda;
  readonly #resting = new Map<string, Rest>();
  readonly #delayed = new Set<NodeJS.Timeout>();
  #stopped = false;

  /** `db` stays the caller's; its client must be connected. */
  constructor(
    private readonly db: Db,
    private readonly options: LaneAgendaOptions,
  ) {
    this.#agenda = new Agenda({
      backend: new MongoBackend({ mongo: db, collection: JOBS }),
      processEvery: POLL_MS,
      defaultConcurrency: WAKES_AT_ONCE,
      maxConcurrency: WAKES_AT_ONCE,
      defaultLockLimit: WAKES_AT_ONCE,
      defaultLockLifetime: LOCK_MS,
      removeOnComplete: true,
    });
    this.#agenda.on('error', (error: Error) => {
      // A poll that was under way when the service stopped finds the database closed.
      if (!this.#stopped) options.reportError(error, 'running Agenda');
    });
  }

  async start(): Promise<void> {
    await this.#agenda.ready;
    const { nudge } = this.options;
    if (nudge === null) return;
    // Agenda's own index is by due time: with it alone, each poll for wakes whose lock is over reads all that are not due.
    await this.db.collection(JOBS).createIndex({ name: 1, lockedAt: 1 });
    this.#agenda.define<{ datasetId: string }>(LOAD_LANE, async ({ attrs }) => nudge(attrs.data.datasetId));
    await this.#agenda.start();
  }

  async wake(datasetId: string): Promise<void> {
    if (this.#stopped) return this.handOver(datasetId);
    this.options.nudge?.(datasetId);
    const resting = this.#resting.get(datasetId);
    if (resting) {
      resting.again = true;
      return;
    }
    const timer = setTimeout(() => this.#endRest(datasetId), REST_MS);
    this.#resting.set(datasetId, { timer, again: false });
    try {
      await this.handOver(datasetId);
    } catch (error) {
      clearTimeout(timer);
      this.#resting.delete(datasetId);
      throw error;
    }
  }

  async wakeAfter(datasetId: string, restMs: number): Promise<void> {
    const { nudge } = this.options;
    if (nudge !== null && !this.#stopped) {
      const timer = setTimeout(() => {
        this.#delayed.delete(timer);
        nudge(datasetId);
      }, restMs);
      this.#delayed.add(timer);
    }
    await this.#save(datasetId, Date.now() + restMs);
  }

  handOver(datasetId: string): Promise<void> {
    return this.#save(datasetId, Date.now() - AHEAD_MS);
  }

  /** Takes no further wake of other processes, and makes durable those of its own that rested. Wakes can be handed over still. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#delayed) clearTimeout(timer);
    await this.#agenda.stop(false);
    const rests = [...this.#resting];
    this.#resting.clear();
    for (const [datasetId, { timer, again }] of rests) {
      clearTimeout(timer);
      if (again) await this.handOver(datasetId);
    }
  }

  async #save(datasetId: string, due: number): Promise<void> {
    await this.#agenda.create(LOAD_LANE, { datasetId }).schedule(new Date(due)).save();
  }

  #endRest(datasetId: string): void {
    const again = this.#resting.get(datasetId)?.again === true;
    this.#resting.delete(datasetId);
    if (!again) return;
    this.wake(datasetId).catch((error: unknown) =>
      this.options.reportError(error, `waking the lane of dataset ${datasetId}`),
    );
  }
}
