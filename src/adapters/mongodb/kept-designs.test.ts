import { describe, expect, it } from '@jest/globals';
import type { Design } from '../../domain/design/design.js';
import { mergeFields, NO_COLUMNS } from '../../domain/design/design-from-fields.js';
import { inferFields } from '../../domain/sample/infer-fields.js';
import { KeptDesigns } from './kept-designs.js';

const MEGABYTE = 1024 * 1024;
/** A design that takes this much in memory: by its columns, which take about 1,100 bytes each, or by the text of one. */
const wide = (bytes: number) => ({ columns: columnsOf(bytes / 1_100) }) as unknown as Design;
const long = (bytes: number) => ({ columns: [{ name: 'é'.repeat(bytes / 2) }] }) as unknown as Design;
const steps = (bytes: number) =>
  ({ columns: [], transformations: [{ find: 'x'.repeat(bytes / 2) }] }) as unknown as Design;
const columnsOf = (count: number) => {
  const { columns } = mergeFields(NO_COLUMNS, inferFields({ 'a path of a usual length': 1 }));
  return Array.from({ length: count }, () => ({ ...columns[0] }));
};

describe('kept designs', () => {
  it.each([
    ['many columns', wide],
    ['long texts in one column', long],
    ['long texts in transformations', steps],
  ])('are those that were used last, up to about 24 MB together: %s', (_kind, designOf) => {
    const kept = new KeptDesigns();
    const one = designOf(5 * MEGABYTE);
    kept.put('one', one);
    kept.put('other', designOf(5 * MEGABYTE));
    kept.put('large', designOf(9 * MEGABYTE));
    expect(kept.get('one')).toBe(one);
    kept.put('last', designOf(7 * MEGABYTE));
    const isKept = (id: string) => kept.get(id) !== undefined;
    expect(['one', 'other', 'large', 'last'].map(isKept)).toEqual([true, false, true, true]);
  });

  it('are not removed for one that is larger than all may be', () => {
    const kept = new KeptDesigns();
    const small = wide(1_100);
    kept.put('small', small);
    kept.put('too large', long(25 * MEGABYTE));
    expect([kept.get('small'), kept.get('too large')]).toEqual([small, undefined]);
  });

  it('are read once by all who ask during the read', async () => {
    const kept = new KeptDesigns();
    const design = wide(1_100);
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
    const design = wide(1_100);
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
    const design = wide(1_100);
    expect(await kept.of('d', async () => design)).toBe(design);
  });
});
