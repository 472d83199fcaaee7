import { setTimeout as sleep } from 'node:timers/promises';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, type Job } from 'agenda';
import type { Db } from 'mongodb';
import type { LaneQueue } from '../../ports/lane-queue.js';
import { CoalescingChannel } from './coalescing-channel.js';

const LOAD_LANE = 'load lane';
/** A wake nobody has acted on for so long is taken for lost. */
const WAKE_LOST_MS = 10_000;
/** Short, so that Agenda gives the wakes of a killed process away soon; a lane being loaded keeps its own alive. */
const LOCK_MS = 2_000;
const TOUCH_MS = 500;
/** Agenda looks after a job once more so long after its end, by a timer that keeps the process alive. */
const LINGER_MS = LOCK_MS / 2;
/** How long a process that loads nothing leaves a lane alone after waking it. */
const REST_MS = 50;
/** Due already, whatever the difference between this clock and another worker's. */
const AHEAD_MS = 60_000;

export interface LaneAgendaOptions {
  /** Lanes loaded side by side in this process; with 0 it only wakes others. */
  readonly concurrency: number;
  /** Loads a lane until its turn is over. Must not throw. */
  readonly loadLane: (datasetId: string) => Promise<void>;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** A wake of one lane that this process has asked for and not seen the end of; `again` when another one came meanwhile. */
interface Wake {
  readonly since: number;
  again: boolean;
}

/**
 * Wakes lanes by Agenda jobs that carry a dataset's id and nothing else. A lane has at most one wake of each process waiting or running. Agenda's own
 * locks are not relied on: a lane has a lease. A wake that is lost, late or doubled costs time only.
 */
export class LaneAgenda implements LaneQueue {
  readonly #agenda: Agenda;
  readonly #channel = new CoalescingChannel();
  readonly #wakes = new Map<string, Wake>();
  /** When Agenda's last look after a job may have begun to wait. */
  #lastStart = Number.NEGATIVE_INFINITY;

  /** `db` stays the caller's; its client must be connected. */
  constructor(
    db: Db,
    private readonly options: LaneAgendaOptions,
  ) {
    this.#agenda = new Agenda({
      backend: new MongoBackend({ mongo: db, collection: 'agenda_jobs' }),
      notificationChannel: this.#channel,
      processEvery: 1_000,
      defaultConcurrency: Math.max(1, options.concurrency),
      maxConcurrency: Math.max(1, options.concurrency),
      defaultLockLimit: Math.max(1, options.concurrency * 2),
      defaultLockLifetime: LOCK_MS,
      removeOnComplete: true,
    });
    this.#agenda.on('error', (error: Error) => options.reportError(error, 'running Agenda'));
    this.#agenda.on('complete', () => this.#channel.kick(LOAD_LANE));
  }

  async start(): Promise<void> {
    await this.#agenda.ready;
    if (this.options.concurrency === 0) return;
    this.#agenda.define<{ datasetId: string }>(LOAD_LANE, (job) => this.#load(job));
    await this.#agenda.start();
  }

  async wake(datasetId: string, delayMs?: number): Promise<void> {
    const under = this.#wakes.get(datasetId);
    if (delayMs === undefined) {
      if (under && performance.now() - under.since < WAKE_LOST_MS) {
        under.again = true;
        return;
      }
      this.#wakes.set(datasetId, { since: performance.now(), again: false });
    }
    try {
      const due = delayMs === undefined ? Date.now() - AHEAD_MS : Date.now() + delayMs;
      await this.#agenda.create(LOAD_LANE, { datasetId }).schedule(new Date(due)).save();
      if (this.options.concurrency === 0) setTimeout(() => this.#endOfWake(datasetId), REST_MS);
    } catch (error) {
      this.#wakes.delete(datasetId);
      throw error;
    }
  }

  /** Where others load, nobody tells when: a wake counts for the pushes of a moment, and is repeated for those that came in it. */
  #endOfWake(datasetId: string): void {
    const { again } = this.#wakes.get(datasetId) ?? { again: false };
    this.#wakes.delete(datasetId);
    if (!again) return;
    this.wake(datasetId).catch((error: unknown) => this.options.reportError(error, `waking the lane of ${datasetId}`));
  }

  /** Takes no further lane, and resolves when those being loaded are at the end of their group, or `graceMs` is over, and nothing of Agenda is left. */
  async stop(graceMs: number): Promise<void> {
    if (this.options.concurrency === 0) return;
    const allEnded = new AbortController();
    const poll = setInterval(async () => {
      const { runningJobs } = await this.#agenda.getRunningStats();
      if (runningJobs === 0) allEnded.abort();
    }, 25);
    try {
      // Agenda's drain does not see the end of jobs that are removed when complete, so its signal tells it.
      await this.#agenda.drain({ timeout: graceMs, signal: allEnded.signal, closeConnection: false });
    } finally {
      clearInterval(poll);
      await this.#channel.idle();
      await sleep(Math.max(0, this.#lastStart + LINGER_MS - performance.now()));
    }
  }

  async #load(job: Job<{ datasetId: string }>): Promise<void> {
    const { datasetId } = job.attrs.data;
    const wake: Wake = { since: performance.now(), again: false };
    this.#wakes.set(datasetId, wake);
    this.#lastStart = wake.since;
    const touching = setInterval(() => this.#touch(job), TOUCH_MS);
    do {
      wake.again = false;
      await this.options.loadLane(datasetId);
    } while (wake.again);
    clearInterval(touching);
    this.#wakes.delete(datasetId);
  }

  #touch(job: Job<{ datasetId: string }>): void {
    this.#lastStart = performance.now();
    job.touch().catch((error: unknown) => this.options.reportError(error, 'keeping an Agenda job'));
  }
}
