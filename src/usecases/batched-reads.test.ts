import { describe, expect, it } from '@jest/globals';
import { batched } from './batched-reads.js';

const turn = () => new Promise(setImmediate);

/** Reads that end when they are told to. Each finds the number of its batch under every key but `none`. */
function pausedReads() {
  const batches: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const read = batched<number>((keys) => {
    const batch = batches.push(keys);
    const found = new Map(keys.filter((key) => key !== 'none').map((key) => [key, batch]));
    return new Promise((resolve) => ends.push(() => resolve(found)));
  });
  return { read, batches, end: (batch: number) => ends[batch - 1]?.() };
}

describe('batched reads', () => {
  it('read what is asked for during two reads in the next one, which begins after the calls', async () => {
    const { read, batches, end } = pausedReads();
    const first = read('a');
    await turn();
    const second = read('b');
    await turn();
    const others = ['a', 'c', 'c', 'none', ...Array.from({ length: 500 }, (_, n) => `${n}`)].map(read);
    await turn();
    expect(batches).toEqual([['a'], ['b']]);
    end(2);
    expect(await second).toBe(2);
    await turn();
    end(3);
    expect((await Promise.all(others)).slice(0, 4)).toEqual([3, 3, 3, null]);
    expect(batches[2]).toHaveLength(503);
    end(1);
    expect(await first).toBe(1);
  });

  it('read calls of the same moment together', async () => {
    const { read, batches, end } = pausedReads();
    const both = [read('a'), read('b')];
    await turn();
    end(1);
    expect(await Promise.all(both)).toEqual([1, 1]);
    expect(batches).toEqual([['a', 'b']]);
  });

  it('fail together, and the next ones are read again', async () => {
    let reads = 0;
    const read = batched(async () => {
      reads += 1;
      if (reads <= 2) throw new Error('away');
      return new Map([['a', reads]]);
    });
    const failing = [read('a'), read('b')];
    for (const failed of failing) await expect(failed).rejects.toThrow('away');
    await expect(read('a')).rejects.toThrow('away');
    expect(await read('a')).toBe(3);
  });

  it('have at most 1,000 keys, and long keys are read alone', async () => {
    const { read, batches, end } = pausedReads();
    const all = Array.from({ length: 2_500 }, (_, n) => read(`${n}`));
    const long = read('x'.repeat(201));
    for (let batch = 1; batch <= 4; batch += 1) {
      await turn();
      end(batch);
      await turn();
    }
    expect(new Set(await Promise.all(all))).toEqual(new Set([1, 2, 3]));
    expect(await long).toBe(4);
    expect(batches.map(({ length }) => length)).toEqual([1_000, 1_000, 500, 1]);
  });
});
