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
  const end = async (id: string, error?: Error) => {
    ends.get(id)?.(error);
    await Promise.resolve();
    await new Promise(setImmediate);
  };
  return { pool, begun, errors, end };
}

describe('LanePool', () => {
  it('loads lanes in parallel up to its size, and the others in the order of their nudges', async () => {
    const { pool, begun, end } = poolOf(2);
    for (const id of ['a', 'b', 'c', 'd', 'c']) pool.nudge(id);
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('a');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('loads a lane again, after the waiting lanes, when it is nudged during its load', async () => {
    const { pool, begun, end } = poolOf(1);
    for (const id of ['a', 'a', 'a', 'b']) pool.nudge(id);
    await end('a');
    await end('b');
    await end('a');
    expect(begun).toEqual(['a', 'b', 'a']);
    await pool.idle();
  });

  it('reports the error and continues when a load fails', async () => {
    const { pool, begun, errors, end } = poolOf(1);
    pool.nudge('a');
    pool.nudge('b');
    const failure = new Error('it fails');
    await end('a', failure);
    expect(begun).toEqual(['a', 'b']);
    expect(errors).toEqual([failure]);
  });

  it('is idle when no lane is being loaded and none waits', async () => {
    const { pool, end } = poolOf(1);
    await pool.idle();
    pool.nudge('a');
    pool.nudge('b');
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
});
