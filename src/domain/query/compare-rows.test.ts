import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareScalars } from './compare-rows.js';

/** Few characters, so that texts share beginnings; of all kinds that the order tells apart. */
const CHARACTER = fc.constantFrom('a', 'é', '\ue000', '\uffff', '\ud7ff', '😀', '𐀀', '\u{10ffff}');

describe('compareScalars', () => {
  it('compares texts as their bytes in UTF-8', () => {
    const text = fc.string({ unit: CHARACTER, maxLength: 6 });
    const start = fc.nat(200).map((length) => 'é😀'.repeat(length));
    fc.assert(
      fc.property(text, text, start, (one, other, same) => {
        const [a, b] = [`${same}${one}`, `${same}${other}`];
        expect(Math.sign(compareScalars(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 2_000 },
    );
  });
});
