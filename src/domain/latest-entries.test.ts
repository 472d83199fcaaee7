import { describe, expect, it } from '@jest/globals';
import { LatestEntries } from './latest-entries.js';

describe('the latest entries', () => {
  it('are those that were put last', () => {
    const entries = new LatestEntries<number>(2);
    entries.put('a', 1);
    entries.put('b', 2);
    entries.put('a', 3);
    entries.put('c', 4);
    expect(['a', 'b', 'c'].map((key) => entries.get(key))).toEqual([3, undefined, 4]);
  });

  it('can be deleted', () => {
    const entries = new LatestEntries<number>(3);
    for (const key of ['a', 'b', 'c']) entries.put(key, 1);
    entries.delete('a');
    expect(['a', 'b'].map((key) => entries.get(key))).toEqual([undefined, 1]);
    entries.clear();
    expect(entries.get('b')).toBeUndefined();
  });
});
