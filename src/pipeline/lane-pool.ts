export interface LanePoolDeps {
  /** Loads a lane until its turn is over. `isNudged`: whether it has been nudged since this load began. With `accepted`, it looks for jobs once that has resolved. */
  readonly loadLane: (datasetId: string, isNudged: () => boolean, accepted?: Promise<unknown>) => Promise<void>;
  readonly reportError: (error: unknown, doing: string) => void;
}

/**
 * Loads lanes in this process: at most `size` in parallel, and each lane at most once at a time. Other lanes wait in the order of their nudges.
 *
 * Invariant: after every `nudge(lane)`, a load of that lane begins. Several nudges of a waiting lane count as one.
 */
export class LanePool {
  /** The lanes that are being loaded, and whether each has been nudged again since its load began. */
  readonly #loading = new Map<string, boolean>();
  readonly #waiting = new Set<string>();
  #idleWaiters: (() => void)[] = [];
  #isBeginning = false;

  constructor(
    private readonly size: number,
    private readonly deps: LanePoolDeps,
  ) {}

  /** Requests a load of the lane that begins after this call. Returns immediately. */
  nudge(datasetId: string): void {
    if (this.#loading.has(datasetId)) this.#loading.set(datasetId, true);
    else this.#waiting.add(datasetId);
    this.#beginSoon();
  }

  /**
   * With nothing else to load, begins to load the lane while a job for it is being accepted, so that the lane is taken meanwhile. Returns whether it does: then the job needs no nudge. `accepted` resolves once
   * it is known whether the job is accepted.
   */
  takeAhead(datasetId: string, accepted: Promise<unknown>): boolean {
    if (!this.#isIdle) return false;
    this.#loading.set(datasetId, false);
    void this.#load(datasetId, accepted);
    return true;
  }

  /** Whether the lane is to be loaded once there is a place for it. */
  readonly isWaiting = (datasetId: string): boolean => this.#waiting.has(datasetId);

  /** Resolves when no lane is being loaded and none waits. */
  idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  get #isIdle(): boolean {
    return this.#loading.size + this.#waiting.size === 0;
  }

  /** Begins once everything that follows from the same event has run, such as to acknowledge the push. */
  #beginSoon(): void {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    process.nextTick(() => {
      this.#isBeginning = false;
      this.#begin();
    });
  }

  #begin(): void {
    for (const datasetId of this.#waiting) {
      if (this.#loading.size >= this.size) return;
      this.#waiting.delete(datasetId);
      this.#loading.set(datasetId, false);
      void this.#load(datasetId);
    }
  }

  async #load(datasetId: string, accepted?: Promise<unknown>): Promise<void> {
    try {
      await this.deps.loadLane(datasetId, () => this.#loading.get(datasetId) === true, accepted);
    } catch (error) {
      this.deps.reportError(error, `loading the lane of dataset ${datasetId}`);
    }
    const isNudgedAgain = this.#loading.get(datasetId) === true;
    this.#loading.delete(datasetId);
    // It goes to the end of the queue, so that a busy lane does not starve others.
    if (isNudgedAgain) this.#waiting.add(datasetId);
    this.#begin();
    if (this.#isIdle) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}
