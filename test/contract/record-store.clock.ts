import { describe, expect, it } from '@jest/globals';
import type { StoreBench } from './record-store.bench.js';
import { tombstone } from './record-store.rows.js';

const HOUR_MS = 3_600_000;

/** Only for stores with a server: the clocks of processes may be wrong, and differ. */
export function describeServerClock(bench: () => StoreBench): void {
  describe('the server’s clock', () => {
    it('dates tombstones and their sweep, and not the clock of the process that writes or sweeps', async () => {
      const { store, generation } = bench();
      await withClock(-2 * HOUR_MS, () => bench().write([tombstone('a', 1)]));
      await withClock(2 * HOUR_MS, () => bench().write([tombstone('b', 1)]));
      const sweep = (olderThanMs: number) => () => store.sweepTombstones(generation, olderThanMs);
      expect(await withClock(2 * HOUR_MS, sweep(HOUR_MS))).toBe(0);
      expect(await withClock(-2 * HOUR_MS, sweep(-60_000))).toBe(2);
    });
  });
}

/** Does something while the clock of this process is wrong. */
async function withClock<T>(offByMs: number, work: () => Promise<T>): Promise<T> {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    static override now(): number {
      return RealDate.now() + offByMs;
    }
    constructor(...args: [] | [number]) {
      super(args[0] ?? RealDate.now() + offByMs);
    }
  } as DateConstructor;
  try {
    return await work();
  } finally {
    globalThis.Date = RealDate;
  }
}
