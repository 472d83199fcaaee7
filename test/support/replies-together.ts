import { turnIsOver } from '../../src/event-loop/turns.js';

/** A server whose replies arrive together, when the turn of the event loop is over: each time those to the next `requests` requests. There must be a multiple of so many. */
export class RepliesTogether {
  #most = 0;
  #inRound = 0;
  #isOver = false;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly requests: number) {}

  /** Call it when a request is sent. Resolves when its reply arrives. */
  reply(): Promise<void> {
    this.#inRound += 1;
    this.#most = Math.max(this.#most, this.#inRound);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Does this work, and returns the most requests that it sent in one round of the event loop. */
  async mostInOneRound(work: () => Promise<unknown>): Promise<number> {
    this.#beginRound();
    try {
      await work();
    } finally {
      this.#isOver = true;
    }
    return this.#most;
  }

  #beginRound(): void {
    if (this.#isOver) return;
    setImmediate(() => this.#beginRound());
    this.#inRound = 0;
    if (this.#waiting.length < this.requests) return;
    while (!turnIsOver());
    for (const arrive of this.#waiting.splice(0)) arrive();
  }
}
