import type { IdSource } from '../ports/id-source.js';
import type { JobLedger } from '../ports/job-ledger.js';
import { type GroupBounds, LeaseLostError } from '../ports/lane.js';
import type { LaneQueue } from '../ports/lane-queue.js';
import type { MemoryBudget } from '../ports/memory-budget.js';
import type { LoadDeps } from './group-run.js';
import { HeldLease } from './held-lease.js';
import { loadGroup } from './load.js';

/** A group has at most as many jobs, and payload bytes, as are worth writing together and fit into memory several times over. */
const GROUP_BOUNDS: GroupBounds = { maxJobs: 1000, maxBytes: 8 * 1024 * 1024 };
/** How long one lane keeps a worker while others may be waiting. */
const TURN_MS = 2_000;
const RETRY_MS = 1_000;
const STOPPED = new Error('the worker is to stop');

export interface LaneWorkerDeps extends LoadDeps {
  readonly ledger: JobLedger;
  readonly laneQueue: LaneQueue;
  readonly memory: MemoryBudget;
  /** How long this worker may be silent before another takes its lane. */
  readonly leaseMs: number;
  readonly newId: IdSource;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** Loads lanes, one call a lane, any number side by side. */
export class LaneWorker {
  readonly #owner: string;
  readonly #stopping = new AbortController();

  constructor(private readonly deps: LaneWorkerDeps) {
    this.#owner = deps.newId();
  }

  /**
   * Takes the lane, if nobody has it, and loads its groups until none waits or its turn is over. Never throws: what goes wrong is reported, and the
   * lane is woken again later.
   */
  async run(datasetId: string): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    try {
      const left = await this.#takeTurn(datasetId);
      if (left) await this.#wakeAgain(datasetId);
    } catch (error) {
      if (error instanceof LeaseLostError) return;
      if (error === STOPPED) return this.#wakeAgain(datasetId);
      this.deps.reportError(error, `loading the lane of dataset ${datasetId}`);
      await this.#wakeLater(datasetId);
    }
  }

  /** No further group is begun, and none waits for the record store any longer: its lane is another worker's to go on with. */
  stop(): void {
    this.#stopping.abort(STOPPED);
  }

  /** While stopping, past this process: another one has to take the lane. */
  #wakeAgain(datasetId: string): Promise<void> {
    return this.deps.laneQueue.wake(datasetId, this.#stopping.signal.aborted ? 0 : undefined);
  }

  /** Answers whether jobs are left. */
  async #takeTurn(datasetId: string): Promise<boolean> {
    const { lanes, clock, leaseMs } = this.deps;
    const askedAt = clock.monotonicMs();
    const lease = await lanes.acquire(datasetId, this.#owner, leaseMs);
    if (!lease) return false;
    const held = new HeldLease(lanes, clock, lease, askedAt, leaseMs);
    try {
      while (!this.#stopping.signal.aborted && clock.monotonicMs() - askedAt < TURN_MS) {
        const group = await lanes.nextGroup(held.lease, GROUP_BOUNDS, clock.now());
        if (!group) break;
        const release = await this.deps.memory.reserve(group.bytes);
        held.lease = await loadGroup(this.deps, held, group, this.#stopping.signal).finally(release);
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
