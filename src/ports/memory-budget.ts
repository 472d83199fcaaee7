/** Releases reserved memory, once, or all but `keep` bytes of it. */
export type Release = (keep?: number) => void;

/** The memory of one process for payloads: bodies that it receives and groups that it loads. Reserve it before you read. */
export interface MemoryBudget {
  /**
   * Reserves immediately; null if not enough is left. `held`: what the caller has reserved before. If nothing else is reserved, even more
   * than the whole budget is granted.
   */
  tryReserve(bytes: number, held?: number): Release | null;
  /** Reserves as soon as there is room, in the order of the calls. */
  reserve(bytes: number): Promise<Release>;
}
