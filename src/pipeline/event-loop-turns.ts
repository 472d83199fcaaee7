import { setImmediate } from 'node:timers/promises';

const TURN_MS = 10;
const ITEMS_BETWEEN_LOOKS = 64;

/** Processes many records in turns of 10 ms. Between the turns, everything else in the process can run. */
export class EventLoopTurns {
  #items = 0;
  #turnEnd = performance.now() + TURN_MS;

  /** Calls `take` with each item. Only the end of a turn costs an `await`. */
  async each<T>(items: Iterable<T>, take: (item: T) => void): Promise<void> {
    for (const item of items) {
      take(item);
      this.#items += 1;
      if (this.#items % ITEMS_BETWEEN_LOOKS === 0) await this.endIfOver();
    }
  }

  /** Ends the turn if its time is over. Call it between pieces of work that are not items. */
  async endIfOver(): Promise<void> {
    if (performance.now() >= this.#turnEnd) await this.end();
  }

  /** Ends the turn now. Call it before and after a single long piece of work. */
  async end(): Promise<void> {
    await setImmediate();
    this.#turnEnd = performance.now() + TURN_MS;
  }
}
