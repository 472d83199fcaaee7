import type { MemoryBudget } from '../ports/memory-budget.js';

/** The part of the memory for payloads that one request or message holds. */
export class Reservation {
  #bytes = 0;
  #ended = false;
  readonly #parts: (() => void)[] = [];

  constructor(private readonly memory: MemoryBudget) {}

  /** False if there is no room for so many bytes, or after its end: then it stays as it was. */
  growTo(bytes: number): boolean {
    if (this.#ended) return false;
    if (bytes <= this.#bytes) return true;
    const part = this.memory.tryReserve(bytes - this.#bytes, this.#bytes);
    if (!part) return false;
    this.#parts.push(part);
    this.#bytes = bytes;
    return true;
  }

  /** Releases all of it. Call it once what it was reserved for is out of memory. */
  end(): void {
    this.#ended = true;
    for (const release of this.#parts.splice(0)) release();
  }
}
