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
});
