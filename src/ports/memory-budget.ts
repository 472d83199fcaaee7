/** The memory that one process gives to payloads: bodies being received and groups being loaded. Reserved before reading. */
export interface MemoryBudget {
  /** Reserves at once; null when there is not that much left. The function gives it back, once. More than the whole budget is given when nothing else is reserved. */
  tryReserve(bytes: number): (() => void) | null;
  /** Reserves as soon as there is room, in the order of the calls. */
  reserve(bytes: number): Promise<() => void>;
}
