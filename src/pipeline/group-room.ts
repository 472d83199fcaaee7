import type { MemoryBudget } from '../ports/memory-budget.js';

/** Payloads of a group that take little memory, unless steps make much of them. */
const SMALL_BYTES = 64 * 1024;

export interface GroupRoom {
  /** Resolves once there is room for a group with so many bytes of payloads, whose design may have steps. The returned function releases it. */
  reserve(bytes: number, hasSteps: boolean): Promise<() => void>;
  /** Reserves memory for payloads at once; null if there is no room. */
  tryReserve(bytes: number): (() => void) | null;
}

/**
 * Gives groups their memory: small ones as soon as the budget has room, and others one for each place, since they take many times their bytes. A reload or a rebuild has no payload of its
 * own and takes a place too.
 */
export function groupRoom(memory: MemoryBudget, places: Pick<MemoryBudget, 'reserve'>): GroupRoom {
  return {
    tryReserve: (bytes) => memory.tryReserve(bytes),
    async reserve(bytes, hasSteps) {
      if (!hasSteps && bytes > 0 && bytes <= SMALL_BYTES) return memory.reserve(bytes);
      const leave = await places.reserve(1);
      const release = await memory.reserve(bytes);
      return () => {
        release();
        leave();
      };
    },
  };
}
