import type { MemoryBudget, Release } from '../../ports/memory-budget.js';

/** A budget of this many bytes. */
export function memoryBudget(total: number): MemoryBudget {
  const waiting: { bytes: number; resolve: (release: Release) => void }[] = [];
  let reserved = 0;

  const fits = (bytes: number, held = 0) => reserved === held || reserved + bytes <= total;

  function take(bytes: number): Release {
    reserved += bytes;
    let taken = bytes;
    return (keep = 0) => {
      const kept = Math.min(keep, taken);
      reserved -= taken - kept;
      taken = kept;
      for (let next = waiting[0]; next && fits(next.bytes); next = waiting[0]) {
        waiting.shift();
        next.resolve(take(next.bytes));
      }
    };
  }

  return {
    tryReserve: (bytes, held) => (waiting.length === 0 && fits(bytes, held) ? take(bytes) : null),
    reserve: (bytes) =>
      new Promise((resolve) => {
        if (waiting.length === 0 && fits(bytes)) resolve(take(bytes));
        else waiting.push({ bytes, resolve });
      }),
  };
}
