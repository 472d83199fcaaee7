import { describe, expect, it } from '@jest/globals';
import type { Design } from '../../domain/design/design.js';
import { KeptDesigns } from './kept-designs.js';

const designOf = (columns: number) => ({ columns: Array(columns).fill(null) }) as unknown as Design;

describe('kept designs', () => {
  it('are those that were used last, up to 20,000 columns together', () => {
    const kept = new KeptDesigns();
    const [one, other, wide] = [designOf(5_000), designOf(5_000), designOf(9_000)];
    kept.put('one', one);
    kept.put('other', other);
    kept.put('wide', wide);
    expect(kept.get('one')).toBe(one);
    kept.put('last', designOf(2_000));
    expect(['one', 'other', 'wide', 'last'].map((id) => kept.get(id) !== undefined)).toEqual([true, false, true, true]);
    kept.put('too wide', designOf(20_001));
    expect(kept.get('too wide')).toBeUndefined();
  });

  it('are read once by all who ask during the read', async () => {
    const kept = new KeptDesigns();
    const design = designOf(1);
    let reads = 0;
    const read = async () => {
      reads += 1;
      return design;
    };
    expect(await Promise.all(Array.from({ length: 100 }, () => kept.of('d', read)))).toEqual(Array(100).fill(design));
    expect(await kept.of('d', read)).toBe(design);
    expect(reads).toBe(1);
  });

  it('are read again by those who asked after a read began that did not find them', async () => {
    const kept = new KeptDesigns();
    const design = designOf(1);
    let stored: Design | null = null;
    const began = kept.of('d', async () => stored);
    stored = design;
    const later = kept.of('d', async () => stored);
    expect([await began, await later]).toEqual([null, design]);
  });

  it('are read again after a read that failed', async () => {
    const kept = new KeptDesigns();
    const failing = async () => Promise.reject(new Error('away'));
    await expect(kept.of('d', failing)).rejects.toThrow('away');
    const design = designOf(1);
    expect(await kept.of('d', async () => design)).toBe(design);
  });
});
