import { describe, expect, it } from '@jest/globals';
import { LanePool } from './lane-pool.js';

/** A pool whose loads end when the test ends them. */
function poolOf(size: number) {
  const begun: string[] = [];
  const errors: unknown[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const loadLane = (id: string) => {
    begun.push(id);
    return new Promise<void>((resolve, reject) => ends.set(id, (error) => (error ? reject(error) : resolve())));
  };
  const pool = new LanePool(size, { loadLane, reportError: (error) => void errors.push(error) });
  const nudge = async (...lanes: readonly string[]) => {
    for (const lane of lanes) pool.nudge(lane);
    await new Promise(setImmediate);
  };
  const end = async (id: string, error?: Error) => {
    ends.get(id)?.(error);
    await Promise.resolve();
    await new Promise(setImmediate);
  };
  return { pool, nudge, begun, errors, end };
}

describe('LanePool', () => {
  it('loads lanes in parallel up to its size, and the others in the order of their nudges', async () => {
    const { nudge, begun, end } = poolOf(2);
    await nudge('a', 'b', 'c', 'd', 'c');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('a');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('loads a lane again, after the waiting lanes, when it is nudged during its load', async () => {
    const { pool, nudge, begun, end } = poolOf(1);
    await nudge('a', 'b');
    await nudge('a', 'a');
    await end('a');
    await end('b');
    await end('a');
    expect(begun).toEqual(['a', 'b', 'a']);
    await pool.idle();
  });

  it('reports the error and continues when a load fails', async () => {
    const { nudge, begun, errors, end } = poolOf(1);
    await nudge('a', 'b');
    const failure = new Error('it fails');
    await end('a', failure);
    expect(begun).toEqual(['a', 'b']);
    expect(errors).toEqual([failure]);
  });

  it('is idle when no lane is being loaded and none waits', async () => {
    const { pool, nudge, end } = poolOf(1);
    await pool.idle();
    await nudge('a', 'b');
    let isIdle = false;
    const idle = pool.idle().then(() => {
      isIdle = true;
    });
    await end('a');
    expect(isIdle).toBe(false);
    await end('b');
    await idle;
    expect(isIdle).toBe(true);
  });

  it('begins once everything that follows from the same event has run', async () => {
    const { pool, nudge, begun } = poolOf(1);
    pool.nudge('a');
    await Promise.resolve();
    expect(begun).toEqual([]);
    await nudge();
    expect(begun).toEqual(['a']);
  });

  it('begins at once to load a lane whose job is being accepted, only if it is idle', async () => {
    const { pool, nudge, begun, end } = poolOf(2);
    expect(pool.takeAhead('a', Promise.resolve())).toBe(true);
    expect(begun).toEqual(['a']);
    for (const lane of ['a', 'b']) expect(pool.takeAhead(lane, Promise.resolve())).toBe(false);
    await end('a');
    pool.nudge('b');
    expect(pool.takeAhead('a', Promise.resolve())).toBe(false);
    await nudge();
    expect(begun).toEqual(['a', 'b']);
  });
});
