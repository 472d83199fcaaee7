/** A server that asks for more time than this is asked again after it. */
const MAX_HELD_MS = 300_000;

/** Spaces the requests of this process evenly, for all lanes together, the first that asks first. */
export class RequestRate {
  readonly #spacing: number;
  #next = 0;

  /** `rate`: requests a second. */
  constructor(rate: number) {
    this.#spacing = 1_000 / rate;
  }

  /** Takes the next time at which a request may be sent, in milliseconds of `performance.now()`. Null, and takes nothing, if that is after `latest`. */
  take(latest: number): number | null {
    const at = Math.max(performance.now(), this.#next);
    if (at > latest) return null;
    this.#next = at + this.#spacing;
    return at;
  }

  /** Sends nothing for this long, because the server asks for it. */
  hold(ms: number): void {
    this.#next = Math.max(this.#next, performance.now() + Math.min(ms, MAX_HELD_MS));
  }
}
