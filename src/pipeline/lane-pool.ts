export interface LanePoolDeps {
  /** Loads a lane until its turn is over. */
  readonly loadLane: (datasetId: string) => Promise<void>;
  readonly reportError: (error: unknown, doing: string) => void;
}

/**
 * Loads lanes in this process: a bounded number side by side, each lane at most once at a time, the others in the order they were asked for.
 *
 * Invariant: after `nudge(lane)` a load of that lane begins, however many nudges came before. Many nudges of a lane that is waiting are one.
 */
export class LanePool {
  /** Lanes being loaded, and whether each was nudged again meanwhile. */
  readonly #loading = new Map<string, boolean>();
  readonly #waiting = new Set<string>();
  #idleWaiters: (() => void)[] = [];

  constructor(
    private readonly size: number,
    private readonly deps: LanePoolDeps,
  ) {}

  /** Asks for a load of the lane that begins after this call. Returns at once. */
  nudge(datasetId: string): void {
    if (this.#loading.has(datasetId)) this.#loading.set(datasetId, true);
    else this.#waiting.add(datasetId);
    this.#begin();
  }

  /** Resolves when no lane is loaded or waits. */
  idle(): Promise<void> {
    if (this.#loading.size + this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  #begin(): void {
    for (const datasetId of this.#waiting) {
      if (this.#loading.size >= this.size) return;
      this.#waiting.delete(datasetId);
      this.#loading.set(datasetId, false);
      void this.#load(datasetId);
    }
  }

  async #load(datasetId: string): Promise<void> {
    try {
      await this.deps.loadLane(datasetId);
    } catch (error) {
      this.deps.reportError(error, `loading the lane of dataset ${datasetId}`);
    }
    const isNudgedAgain = this.#loading.get(datasetId) === true;
    this.#loading.delete(datasetId);
    // After the lanes that wait already, so that a busy lane does not keep others out.
    if (isNudgedAgain) this.#waiting.add(datasetId);
    this.#begin();
    if (this.#loading.size + this.#waiting.size === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}
