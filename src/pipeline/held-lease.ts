import type { Clock } from '../ports/clock.js';
import { type Lanes, type Lease, LeaseLostError } from '../ports/lane.js';

/** A worker stops after this fraction of its lease. The rest is for a request that is still running. */
const USABLE = 0.8;

/** Renews a lease while its worker works. It uses only the monotonic clock, so a worker that was paused notices this when it wakes up. */
export class HeldLease {
  readonly #timer: NodeJS.Timeout;
  #deadline: number;
  #lastTick: number;
  #stalled = false;
  #lost = false;
  #renewing: Promise<void> = Promise.resolve();

  /** `askedAt` is the monotonic time just before the lease was requested. The server grants it later, so the deadline is on the safe side. */
  constructor(
    private readonly lanes: Pick<Lanes, 'renew' | 'release'>,
    private readonly clock: Clock,
    public lease: Lease,
    askedAt: number,
    private readonly leaseMs: number,
  ) {
    this.#deadline = askedAt + leaseMs * USABLE;
    this.#lastTick = clock.monotonicMs();
    this.#timer = setInterval(() => {
      this.#stalled = this.stalled;
      this.#lastTick = this.clock.monotonicMs();
      this.#renewing = this.#renew();
    }, leaseMs / 3);
    this.#timer.unref();
  }

  /** Whether this process stalled for so long that the lease may have expired. If so, the process, not the database, prevented the renewal. */
  get stalled(): boolean {
    return this.#stalled || this.clock.monotonicMs() - this.#lastTick > this.leaseMs / 2;
  }

  /** Throws LeaseLostError once another worker may own the lane. */
  readonly stillOwned = (): void => {
    if (this.#lost || this.clock.monotonicMs() >= this.#deadline) {
      throw new LeaseLostError(`the lease of the lane of dataset ${this.lease.datasetId} has expired`);
    }
  };

  /**
   * Releases the lane. Waits for a running renewal first, because a renewal after the release would take the lane again. Until `restMs` is over, no worker can take
   * the lane. `isInterrupted`: see {@link Lanes.release}.
   */
  async release(restMs = 0, isInterrupted = false): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
    await this.lanes.release(this.lease, restMs, isInterrupted);
  }

  /** If a renewal fails, the deadline stays, and the work stops there. */
  async #renew(): Promise<void> {
    const askedAt = this.clock.monotonicMs();
    try {
      await this.lanes.renew(this.lease, this.leaseMs);
      this.#deadline = askedAt + this.leaseMs * USABLE;
    } catch (error) {
      if (error instanceof LeaseLostError) this.#lost = true;
    }
  }
}
