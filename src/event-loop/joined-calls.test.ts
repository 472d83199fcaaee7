import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { joined } from './joined-calls.js';

const turn = () => new Promise(setImmediate);

/** Runs that end when they are told to; each result is the number of the run and the item. */
function pausedRuns(bounds: Parameters<typeof joined<string, string>>[1] = {}) {
  const runs: (readonly string[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const call = joined((items: readonly string[]) => {
    const run = runs.push(items);
    return new Promise<string[]>((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve(items.map((item) => `${run}${item}`))));
    });
  }, bounds);
  return { call, runs, end: (run: number, error?: Error) => ends[run - 1]?.(error) };
}

describe('joined calls', () => {
  it('that arrive during two runs are in the next one, in their order', async () => {
    const { call, runs, end } = pausedRuns();
    const first = call('a');
    await turn();
    const second = call('b');
    await turn();
    const others = ['c', 'd', 'c'].map(call);
    await turn();
    expect(runs).toEqual([['a'], ['b']]);
    end(2);
    expect(await second).toBe('2b');
    await turn();
    await turn();
    expect(runs[2]).toEqual(['c', 'd', 'c']);
    end(3);
    expect(await Promise.all(others)).toEqual(['3c', '3d', '3c']);
    end(1);
    expect(await first).toBe('1a');
  });

  it('that follow from the same event are in one run', async () => {
    const { call, runs, end } = pausedRuns();
    const first = call('a');
    await Promise.resolve();
    const both = [first, call('b')];
    await turn();
    end(1);
    expect(await Promise.all(both)).toEqual(['1a', '1b']);
    expect(runs).toHaveLength(1);
  });

  it('begin a run beside another only if they are enough, or have waited', async () => {
    const { call, runs } = pausedRuns({ atOnce: 3, fewest: 3 });
    for (const item of ['a', 'b', 'c']) {
      void call(item);
      await turn();
    }
    expect(runs).toEqual([['a']]);
    void call('d');
    await turn();
    expect(runs).toEqual([['a'], ['b', 'c', 'd']]);
    void call('e');
    await until('the patience of a call to end', () => runs.length === 3);
    expect(runs[2]).toEqual(['e']);
  });

  it('reject together if their run fails, and later ones are run', async () => {
    const { call, end } = pausedRuns();
    const failing = ['a', 'b'].map(call);
    const results = Promise.allSettled(failing);
    await turn();
    end(1, new Error('away'));
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const later = call('c');
    await turn();
    end(2);
    expect(await later).toBe('2c');
  });

  it('are as many as the bounds allow, and a large one is alone', async () => {
    const { call, runs } = pausedRuns({ atOnce: 9, maxCalls: 3, maxSize: 4, sizeOf: ({ length }) => length });
    for (const item of ['a', 'b', 'c', 'd', 'large', 'ee', 'ff', 'g']) void call(item);
    await turn();
    expect(runs).toEqual([['a', 'b', 'c'], ['d'], ['large'], ['ee', 'ff'], ['g']]);
  });
});
