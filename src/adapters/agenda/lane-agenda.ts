import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import type { Db } from 'mongodb';
import type { LaneQueue } from '../../ports/lane-queue.js';

const LOAD_LANE = 'load lane';
const JOBS = 'agenda_jobs';
/** How often Agenda looks for the wakes of other processes; it allows no less. */
const POLL_MS = 1_000;
/** Short, so that Agenda soon gives away the wakes of a killed process. */
const LOCK_MS = 2_000;
/** How many wakes one poll takes; each is quick, since it only nudges the pool. */
const WAKES_AT_ONCE = 200;
/** A process writes at most one durable wake for a lane in this time; one for each poll is enough. A process that loads lanes writes one only for lanes that still wait for a place then. */
const REST_MS = 500;
/** How many durable wakes a process that loads lanes writes for each poll. Others find all lanes that wait with their sweep; these wakes only let them begin sooner. */
const WAKES_A_POLL = 20;
/** Wakes are due so long ago that the clocks of two workers may differ. */
const AHEAD_MS = 60_000;

/** What loads lanes in this process. */
export interface OwnPool {
  nudge(datasetId: string): void;
  /** Begins to load the lane while a job for it is being accepted; returns whether it does. */
  takeAhead(datasetId: string, accepted: Promise<unknown>): boolean;
  /** Whether the lane still waits for its place. */
  isWaiting(datasetId: string): boolean;
}

export interface LaneAgendaOptions {
  /** Null in a process that only wakes others. */
  readonly pool: OwnPool | null;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** The time after a lane was woken; `again` if it was woken meanwhile. */
interface Rest {
  readonly timer: NodeJS.Timeout;
  again: boolean;
}

/**
 * Wakes a lane in two ways: a nudge within the process, which acts immediately, and an Agenda job, which outlives the process and reaches other processes. It is written at once if
 * this process does not load lanes, and otherwise if the lane still waits for its place after half a second. A lane whose process dies before that is found by a sweep. An Agenda
 * job has only the id of a dataset. Nothing depends on Agenda's locks, because a lane has a lease.
 *
 * ```
 * accept --- nudge ------------------> this process loads the lane
 *        \-- it waits: Agenda job ---- poll ---> any process nudges its own pool (no work is left: it finds the lane empty)
 * ```
 */
export class LaneAgenda implements LaneQueue {
  readonly #agenda: Agenda;
  readonly #resting = new Map<string, Rest>();
  readonly #delayed = new Set<NodeJS.Timeout>();
  readonly #writing = new Set<Promise<unknown>>();
  #stopped = false;
  #ofPoll = { since: 0, count: 0 };

  /** The caller owns `db` and closes it; its client must be connected. */
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
      // A poll that was running when the service stopped finds the database closed.
      if (!this.#stopped) options.reportError(error, 'running Agenda');
    });
  }

  async start(): Promise<void> {
    await this.#agenda.ready;
    const { pool } = this.options;
    if (pool === null) return;
    // Agenda's own index is by due time: with that index only, each poll for wakes with an expired lock would read all wakes that are not due.
    await this.db.collection(JOBS).createIndex({ name: 1, lockedAt: 1 });
    this.#agenda.define<{ datasetId: string }>(LOAD_LANE, async ({ attrs }) => pool.nudge(attrs.data.datasetId));
    await this.#agenda.start();
  }

  async wake(datasetId: string): Promise<void> {
    if (this.#stopped) return this.handOver(datasetId);
    const { pool } = this.options;
    pool?.nudge(datasetId);
    const resting = this.#resting.get(datasetId);
    if (resting) {
      resting.again = true;
      return;
    }
    const timer = setTimeout(() => this.#endRest(datasetId), REST_MS);
    this.#resting.set(datasetId, { timer, again: false });
    if (pool !== null) return;
    try {
      await this.handOver(datasetId);
    } catch (error) {
      clearTimeout(timer);
      this.#resting.delete(datasetId);
      throw error;
    }
  }

  takeAhead(datasetId: string, accepted: Promise<unknown>): boolean {
    return !this.#stopped && (this.options.pool?.takeAhead(datasetId, accepted) ?? false);
  }

  async wakeAfter(datasetId: string, restMs: number): Promise<void> {
    const { pool } = this.options;
    if (pool !== null && !this.#stopped) {
      const timer = setTimeout(() => {
        this.#delayed.delete(timer);
        pool.nudge(datasetId);
      }, restMs);
      this.#delayed.add(timer);
    }
    await this.#save(datasetId, Date.now() + restMs);
  }

  handOver(datasetId: string): Promise<void> {
    return this.#save(datasetId, Date.now() - AHEAD_MS);
  }

  /** Stops taking wakes of other processes, and begins to write its own wakes that were paused. Wakes can still be handed over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#delayed) clearTimeout(timer);
    await this.#agenda.stop(false);
    for (const [datasetId, { timer, again }] of this.#resting) {
      clearTimeout(timer);
      // With a pool, `LaneWorker.run` hands waiting lanes over.
      if (again && this.options.pool === null) this.#report(datasetId, this.handOver(datasetId));
    }
    this.#resting.clear();
  }

  /** Resolves once every wake that is being written is stored, or could not be. */
  readonly written = async (): Promise<void> => {
    while (this.#writing.size > 0) await Promise.allSettled(this.#writing);
  };

  async #save(datasetId: string, due: number): Promise<void> {
    const writing = this.#agenda.create(LOAD_LANE, { datasetId }).schedule(new Date(due)).save();
    this.#writing.add(writing);
    try {
      await writing;
    } finally {
      this.#writing.delete(writing);
    }
  }

  #endRest(datasetId: string): void {
    const { pool } = this.options;
    const again = this.#resting.get(datasetId)?.again === true;
    this.#resting.delete(datasetId);
    if (pool === null && again) this.#report(datasetId, this.wake(datasetId));
    if (pool !== null && this.#mayWrite(pool, datasetId)) this.#report(datasetId, this.handOver(datasetId));
  }

  #report(datasetId: string, waking: Promise<void>): void {
    waking.catch((error: unknown) => this.options.reportError(error, `waking the lane of dataset ${datasetId}`));
  }

  #mayWrite(pool: OwnPool, datasetId: string): boolean {
    if (!pool.isWaiting(datasetId)) return false;
    const now = Date.now();
    if (now - this.#ofPoll.since >= POLL_MS) this.#ofPoll = { since: now, count: 0 };
    this.#ofPoll.count += 1;
    return this.#ofPoll.count <= WAKES_A_POLL;
  }
}
