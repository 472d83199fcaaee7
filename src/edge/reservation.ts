import type { MemoryBudget } from '../ports/memory-budget.js';

/** The part of the memory for payloads that one request or message holds. */
export class Reservation {
  #bytes = 0;
  #ended = false;
  #giveBack: (() => void) | null = null;

  constructor(private readonly memory: MemoryBudget) {}

  /** False if there is no room for so many bytes; then the whole reservation is released. */
  growTo(bytes: number): boolean {
    if (this.#ended || bytes <= this.#bytes) return true;
    this.#giveBack?.();
    this.#giveBack = this.memory.tryReserve(bytes);
    this.#bytes = this.#giveBack ? bytes : 0;
    return this.#giveBack !== null;
  }

  end(): void {
    this.#ended = true;
    this.#giveBack?.();
  }
}
