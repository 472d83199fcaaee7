/** Starts things one after the other, and ends them in the reverse order. */
export class Resources {
  readonly #ends: (() => Promise<unknown>)[] = [];

  /** `stopping`: once it aborts, nothing more is started. */
  constructor(private readonly stopping: AbortSignal) {}

  /** Returns what `start` resolves with; `close` calls `end` with it. Throws the reason of `stopping` once it has aborted, even if that happens during the start. */
  async start<T>(start: () => Promise<T>, end: (started: T) => Promise<unknown>): Promise<T> {
    this.stopping.throwIfAborted();
    const started = await start();
    // Before the check: what has started must be ended.
    this.#ends.push(() => end(started));
    this.stopping.throwIfAborted();
    return started;
  }

  /** Ends everything, also if an end fails. Throws the first error. */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const end of this.#ends.splice(0).reverse()) await end().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  }
}
