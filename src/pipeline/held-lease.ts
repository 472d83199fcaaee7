import type { Clock } from '../ports/clock.js';
import { type Lanes, type Lease, LeaseLostError } from '../ports/lane.js';

/** How long a worker may be silent before another takes its lane. */
export const LEASE_MS = 15_000;
/** A worker stops this long before the server would give its lane away: room for a request under way. */
const MARGIN_MS = 3_000;

/** A lease kept alive while its worker works. It trusts only a clock that cannot jump, so a worker that was paused knows it when it wakes. */
export class HeldLease {
  readonly #timer: NodeJS.Timeout;
  #deadline: number;
  #lost = false;

  /** `askedAt` is the monotonic time before the lease was asked for: the server's time of granting it lies behind that. */
  constructor(
    private readonly lanes: Lanes,
    private readonly clock: Clock,
    public lease: Lease,
    askedAt: number,
  ) {
    this.#deadline = askedAt + LEASE_MS - MARGIN_MS;
    this.#timer = setInterval(() => void this.#renew(), LEASE_MS / 3);
    this.#timer.unref();
  }

  /** Throws LeaseLostError once another worker may own the lane. */
  readonly stillOwned = (): void => {
    if (this.#lost || this.clock.monotonicMs() >= this.#deadline) {
      throw new LeaseLostError(`the lease of the lane of dataset ${this.lease.datasetId} has run out`);
    }
  };

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.lanes.release(this.lease);
  }

  /** A renewal that fails leaves the deadline where it was: then the work stops there. */
  async #renew(): Promise<void> {
    const askedAt = this.clock.monotonicMs();
    try {
      await this.lanes.renew(this.lease, LEASE_MS);
      this.#deadline = askedAt + LEASE_MS - MARGIN_MS;
    } catch (error) {
      if (error instanceof LeaseLostError) this.#lost = true;
    }
  }
}
