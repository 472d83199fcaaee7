import { setImmediate } from 'node:timers/promises';

const TURN_MS = 10;
const ITEMS_BETWEEN_LOOKS = 64;

/** Work on many records in turns of 10 ms, between which everything else in the process has its own. */
export class EventLoopTurns {
  #items = 0;
  #turnEnd = performance.now() + TURN_MS;

  /** Does something with each item. Only the end of a turn costs an `await`. */
  async each<T>(items: Iterable<T>, take: (item: T) => void): Promise<void> {
    for (const item of items) {
      take(item);
      this.#items += 1;
      if (this.#items % ITEMS_BETWEEN_LOOKS === 0 && performance.now() >= this.#turnEnd) await this.end();
    }
  }

  /** Ends the turn now: before work that takes long by itself, and after it. */
  async end(): Promise<void> {
    await setImmediate();
    this.#turnEnd = performance.now() + TURN_MS;
  }
}
