import { setImmediate } from 'node:timers/promises';

const TURN_MS = 10;
const ITEMS_BETWEEN_LOOKS = 64;

/** Processes many records in turns of 10 ms. Between the turns, everything else in the process can run. */
export class EventLoopTurns {
  #items = 0;
  #turnEnd = performance.now() + TURN_MS;
  #next: Promise<void> | undefined;

  /** Calls `take` with each item. Only the end of a turn costs an `await`. */
  async each<T>(items: Iterable<T>, take: (item: T) => void): Promise<void> {
    for (const item of items) {
      take(item);
      this.#items += 1;
      if (this.#items % ITEMS_BETWEEN_LOOKS === 0) await this.endIfOver();
    }
  }

  /** Calls `take` with each item, whose work may be in slices. A turn may end after each of them. */
  async eachInSlices<T>(items: Iterable<T>, take: (item: T) => Generator<void>): Promise<void> {
    for (const item of items) {
      for (const _ of take(item)) await this.endIfOver();
      await this.endIfOver();
    }
  }

  /** Ends the turn if its time is over. Call it between pieces of work that are not items. */
  async endIfOver(): Promise<void> {
    if (performance.now() >= this.#turnEnd) await this.end();
  }

  /** Ends the turn now. Call it before and after a single long piece of work. All who call it during a turn go on in the next one. */
  end(): Promise<void> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<void> {
    await setImmediate();
    this.#next = undefined;
    this.#turnEnd = performance.now() + TURN_MS;
  }

  /** Runs work that yields now and then to its end, and returns its result. */
  async finish<T>(slices: Generator<void, T>): Promise<T> {
    let slice = slices.next();
    for (; !slice.done; slice = slices.next()) await this.endIfOver();
    return slice.value;
  }
}

/** Lets everything that waits have its turn. For use between two long pieces of work that cannot be divided. */
export async function othersFirst(): Promise<void> {
  await setImmediate();
  // The first one may come back before timers and new requests had their turn.
  await setImmediate();
}

/** Runs work that yields now and then to its end, in turns of 10 ms. */
export function inTurns<T>(slices: Generator<void, T>): Promise<T> {
  return new EventLoopTurns().finish(slices);
}
