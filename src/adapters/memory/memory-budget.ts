import type { MemoryBudget } from '../../ports/memory-budget.js';

/** A budget of this many bytes. */
export function memoryBudget(total: number): MemoryBudget {
  const waiting: { bytes: number; resolve: (release: () => void) => void }[] = [];
  let reserved = 0;

  const fits = (bytes: number, held = 0) => reserved === held || reserved + bytes <= total;

  function take(bytes: number): () => void {
    reserved += bytes;
    let given = true;
    return () => {
      if (given) reserved -= bytes;
      given = false;
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
