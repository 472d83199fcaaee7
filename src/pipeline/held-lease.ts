import type { Clock } from '../ports/clock.js';
import { type Lanes, type Lease, LeaseLostError } from '../ports/lane.js';

/** A worker stops when this much of its lease is over: the rest is room for a request under way. */
const USABLE = 0.8;

/** A lease kept alive while its worker works. It trusts only a clock that cannot jump, so a worker that was paused knows it when it wakes. */
export class HeldLease {
  readonly #timer: NodeJS.Timeout;
  #deadline: number;
  #lastTick: number;
  #stoodStill = false;
  #lost = false;
  #renewing: Promise<void> = Promise.resolve();

  /** `askedAt` is the monotonic time before the lease was asked for: the server grants it later. */
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
      this.#stoodStill = this.stoodStill;
      this.#lastTick = this.clock.monotonicMs();
      this.#renewing = this.#renew();
    }, leaseMs / 3);
    this.#timer.unref();
  }

  /** Whether this process stood still for so long that the lease may have run out: then it was not the database that kept it from being renewed. */
  get stoodStill(): boolean {
    return this.#stoodStill || this.clock.monotonicMs() - this.#lastTick > this.leaseMs / 2;
  }

  /** Throws LeaseLostError once another worker may own the lane. */
  readonly stillOwned = (): void => {
    if (this.#lost || this.clock.monotonicMs() >= this.#deadline) {
      throw new LeaseLostError(`the lease of the lane of dataset ${this.lease.datasetId} has run out`);
    }
  };

  /**
   * Gives the lane back, after a renewal that is under way: one that came later would take it again. With a rest, nobody takes the lane before that is
   * over.
   */
  async release(restMs = 0): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
    await this.lanes.release(this.lease, restMs);
  }

  /** A renewal that fails leaves the deadline where it was: then the work stops there. */
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
