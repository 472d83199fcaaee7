import { describe, expect, it } from '@jest/globals';
import { batched } from './batched-reads.js';

describe('batched reads', () => {
  function noted() {
    const batches: (readonly string[])[] = [];
    const read = batched<number>(async (keys) => {
      const batch = batches.push(keys);
      return new Map(keys.filter((key) => key !== 'none').map((key) => [key, batch]));
    });
    return { read, batches };
  }

  it('read calls of the same moment together, and each key once', async () => {
    const { read, batches } = noted();
    expect(await Promise.all(['a', 'b', 'none', 'a'].map(read))).toEqual([1, 1, null, 1]);
    expect(batches).toEqual([['a', 'b', 'none']]);
  });

  it('read anew for each later call', async () => {
    const { read } = noted();
    expect([await read('a'), await read('a')]).toEqual([1, 2]);
  });

  it('read keys that are no ids alone', async () => {
    const { read, batches } = noted();
    const long = 'x'.repeat(201);
    await Promise.all(['a', long].map(read));
    expect(batches.map(({ length }) => length)).toEqual([1, 1]);
    expect(batches.flat().sort()).toEqual(['a', long]);
  });
});
