/** The rows that a group of jobs keeps in memory between examining and writing them take about this much, at most. */
const HELD_BYTES = 32 * 1024 * 1024;
/** For a small group less, since many are loaded at a time: this, and so many times the bytes of its payloads. */
const SMALL_HELD_BYTES = 1024 * 1024;
const HELD_TIMES = 64;

/**
 * Decides which rows are kept in memory until they are written, if steps make them: they may be many times as large as the pushed records. The rows of further records are
 * made again when they are written.
 */
export class HeldRows {
  #left: number;

  constructor(payloadBytes: number) {
    this.#left = Math.min(HELD_BYTES, SMALL_HELD_BYTES + HELD_TIMES * payloadBytes);
  }

  /** How many bytes more are kept. */
  get left(): number {
    return this.#left;
  }

  /** Whether rows of this size are kept. If so, there is less room for others. */
  keep(size: number): boolean {
    if (size > this.#left) return false;
    this.#left -= size;
    return true;
  }

  /** Rows of this size, which were kept, are forgotten. */
  giveBack(size: number): void {
    this.#left += size;
  }
}
