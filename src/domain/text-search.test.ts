import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { within } from '../../test/support/within.js';
import { TextSearch } from './text-search.js';

/** Texts of few characters, so that they are often found, and often almost. */
const text = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b'), maxLength });

describe('TextSearch', () => {
  it.each([1, 60])('finds and splits as the engine does, with texts repeated %s times', (times) => {
    fc.assert(
      fc.property(text(40), text(5), fc.nat(50), (inside, part, from) => {
        const [all, sought] = [inside.repeat(times), `a${part}`.repeat(times)];
        const search = new TextSearch(sought);
        expect(search.indexIn(all)).toBe(all.indexOf(sought));
        expect(search.indexIn(all, from)).toBe(all.indexOf(sought, from));
        expect(search.split(all)).toEqual(all.split(sought));
        expect(search.split(all, 3)).toEqual(all.split(sought, 3));
      }),
    );
  });

  it.each([1_000, 10_000])('takes linear time for %s characters that almost occur everywhere', (length) => {
    const half = 'a'.repeat(length / 2);
    const search = new TextSearch(`${half}b${half}`);
    const text = 'a'.repeat(5_000_000);
    expect(within(300, () => search.indexIn(text))).toBe(-1);
  });
});
