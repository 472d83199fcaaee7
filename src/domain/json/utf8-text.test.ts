import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { within } from '../../../test/support/within.js';
import { notUtf8 } from './utf8-text.js';

const FAULTS = [[0xff], [0x80], [0xc3, 0x28], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0x80]];
const before = fc
  .tuple(fc.array(fc.constantFrom('a', 'é', '€', '\ufffd', '😀'), { minLength: 1 }), fc.nat(3_000))
  .map(([characters, times]) => characters.join('').repeat(Math.ceil(times / characters.length)));

describe('notUtf8', () => {
  it('tells the place of the first byte that does not belong', () => {
    const after = fc.uint8Array({ maxLength: 2_000 });
    fc.assert(
      fc.property(before, fc.constantFrom(...FAULTS), after, (text, fault, rest) => {
        const bytes = Buffer.concat([Buffer.from(text), Buffer.from(fault), Buffer.from('"'), rest]);
        const byte = fault[0]?.toString(16);
        expect(notUtf8(bytes).message).toContain(`line 1, column ${text.length + 1}: the byte 0x${byte} does not`);
      }),
    );
  });

  it('finds it quickly behind millions of characters', () => {
    const bytes = Buffer.concat([Buffer.from('\ufffd'.repeat(3_000_000)), Buffer.from([0xff])]);
    expect(within(100, () => notUtf8(bytes)).message).toContain('column 3000001');
  });
});
