import { LatestEntries } from '../domain/latest-entries.js';
import type { Clock } from '../ports/clock.js';

/** How old a recent read may be. */
const RECENT_MS = 1_000;
const FOUND_KEPT = 10_000;

interface Kept<T> {
  readonly found: T;
  readonly beganAt: number;
}

/**
 * Keeps what was found in the last second, counted from the beginning of the read. A push uses it instead of a read; a query begins with it and reads again. Invariant: no refusal rests on it; a
 * caller that would refuse because of it reads again.
 */
export class RecentReads<T> {
  readonly #kept = new LatestEntries<Kept<T>>(FOUND_KEPT);
  #forgotten = 0;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  /** Undefined if nothing was found in the last second. */
  get(key: string): T | undefined {
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    if (this.clock.monotonicMs() - kept.beganAt <= RECENT_MS) return kept.found;
    this.#kept.delete(key);
    return undefined;
  }

  /** Reads, and keeps what is found. */
  async read<R extends T | null>(key: string, find: () => Promise<R>): Promise<R> {
    const [beganAt, forgotten] = [this.clock.monotonicMs(), this.#forgotten];
    const found = await find();
    if (found !== null && forgotten === this.#forgotten) this.#kept.put(key, { found, beganAt });
    return found;
  }

  /** Keeps nothing that was read before this call. Call it after a change that this process has made. */
  forget(): void {
    this.#forgotten += 1;
    this.#kept.clear();
  }
}
