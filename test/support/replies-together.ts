import { turnIsOver } from '../../src/event-loop/turns.js';

/** A server whose replies arrive together, each time to so many requests, when the turn of the event loop is over. Counts the requests that are sent in one round of the event loop. */
export class RepliesTogether {
  #most = 0;
  #inRound = 0;
  #isOver = false;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly requests: number) {
    setImmediate(() => this.#endRound());
  }

  /** Call it when a request is sent. Resolves when its reply arrives. */
  reply(): Promise<void> {
    this.#inRound += 1;
    this.#most = Math.max(this.#most, this.#inRound);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Ends the count. Returns the most requests of one round. */
  end(): number {
    this.#isOver = true;
    return this.#most;
  }

  #endRound(): void {
    if (this.#isOver) return;
    setImmediate(() => this.#endRound());
    this.#inRound = 0;
    if (this.#waiting.length < this.requests) return;
    while (!turnIsOver());
    for (const arrive of this.#waiting.splice(0)) arrive();
  }
}
