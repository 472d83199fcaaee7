import type { IdSource } from '../ports/id-source.js';
import type { JobLedger } from '../ports/job-ledger.js';
import { type GroupBounds, LeaseLostError } from '../ports/lane.js';
import type { LaneQueue } from '../ports/lane-queue.js';
import { HeldLease, LEASE_MS } from './held-lease.js';
import { type LoadDeps, loadGroup } from './load.js';

/** A group has at most as many jobs, and payload bytes, as are worth writing together and fit into memory several times over. */
const GROUP_BOUNDS: GroupBounds = { maxJobs: 1000, maxBytes: 8 * 1024 * 1024 };
/** How long one lane keeps a worker while others may be waiting. */
const TURN_MS = 2_000;
const RETRY_MS = 1_000;

export interface LaneWorkerDeps extends LoadDeps {
  readonly ledger: JobLedger;
  readonly laneQueue: LaneQueue;
  readonly newId: IdSource;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** Loads lanes, one call a lane, any number side by side. */
export class LaneWorker {
  readonly #owner: string;
  #stopping = false;

  constructor(private readonly deps: LaneWorkerDeps) {
    this.#owner = deps.newId();
  }

  /**
   * Takes the lane, if nobody has it, and loads its groups until none waits or its turn is over. Never throws: what goes wrong is reported, and the
   * lane is woken again later.
   */
  async run(datasetId: string): Promise<void> {
    try {
      if ((await this.#takeTurn(datasetId)) && !this.#stopping) await this.deps.laneQueue.wake(datasetId);
    } catch (error) {
      if (error instanceof LeaseLostError) return;
      this.deps.reportError(error, `loading the lane of dataset ${datasetId}`);
      await this.#wakeLater(datasetId);
    }
  }

  /** No further group is begun. */
  stop(): void {
    this.#stopping = true;
  }

  /** Answers whether jobs are left. */
  async #takeTurn(datasetId: string): Promise<boolean> {
    const { lanes, clock } = this.deps;
    const askedAt = clock.monotonicMs();
    const lease = await lanes.acquire(datasetId, this.#owner, LEASE_MS);
    if (!lease) return false;
    const held = new HeldLease(lanes, clock, lease, askedAt);
    try {
      while (!this.#stopping && clock.monotonicMs() - askedAt < TURN_MS) {
        const group = await lanes.nextGroup(held.lease, GROUP_BOUNDS, clock.now());
        if (!group) break;
        held.lease = await loadGroup(this.deps, held, group);
      }
    } finally {
      await held.release();
    }
    // Also what was accepted between the last look and the release: its wake found the lane taken.
    return (await this.deps.ledger.lastPosition(datasetId)) > held.lease.finalThrough;
  }

  async #wakeLater(datasetId: string): Promise<void> {
    try {
      await this.deps.laneQueue.wake(datasetId, RETRY_MS);
    } catch (error) {
      this.deps.reportError(error, `waking the lane of dataset ${datasetId}; the sweep will`);
    }
  }
}
