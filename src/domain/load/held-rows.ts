/** The rows that a group of jobs keeps in memory between examining and writing them take about this much. */
const HELD_BYTES = 32 * 1024 * 1024;

/**
 * Decides which rows are kept in memory until they are written, if steps make them: they may be many times as large as the pushed records. The rows of further records are
 * made again when they are written.
 */
export class HeldRows {
  #left = HELD_BYTES;

  /** Whether rows of this size are kept. If so, there is less room for others. */
  keep(size: number): boolean {
    if (size > this.#left) return false;
    this.#left -= size;
    return true;
  }
}
