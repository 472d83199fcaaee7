import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GrowingBuffer } from './growing-buffer.js';

describe('GrowingBuffer', () => {
  it('has the bytes of all chunks, in a buffer of the size that it foretells', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 40_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(chunks, fc.nat(200_000), (given, declared) => {
        const buffer = new GrowingBuffer(declared);
        let length = 0;
        for (const chunk of given) {
          length += chunk.length;
          const size = buffer.sizeFor(length);
          buffer.append(Buffer.from(chunk));
          expect(buffer.bytes.buffer.byteLength).toBe(length === 0 ? 0 : size);
          expect(size).toBeLessThanOrEqual(Math.max(16_384, declared, Math.ceil(1.25 * length)));
        }
        expect(buffer.bytes.equals(Buffer.concat(given))).toBe(true);
      }),
    );
  });

  it('allocates a body of a declared length once', () => {
    const buffer = new GrowingBuffer(1_000_000);
    for (let n = 0; n < 1_000; n += 1) {
      buffer.append(Buffer.alloc(1_000, n));
      expect(buffer.bytes.buffer.byteLength).toBe(1_000_000);
    }
    expect(buffer.bytes).toHaveLength(1_000_000);
  });
});
