import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ByteTable } from './byte-table.js';

function tableOf(texts: readonly string[]): ByteTable {
  const table = ByteTable.empty(1, 1);
  for (const text of texts) {
    const bytes = Buffer.from(`..${text}`);
    table.add(bytes, 2, bytes.length);
  }
  return table;
}

describe('a table of texts', () => {
  it('finds each text by its number, however far it has grown, and no other text', () => {
    const texts = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 300 });
    fc.assert(
      fc.property(texts, fc.string({ unit: 'grapheme', maxLength: 12 }), (added, other) => {
        const table = tableOf(added);
        expect(table.size).toBe(added.length);
        expect(added.map((text) => table.find(text))).toEqual(added.map((_, index) => index));
        expect(table.find(other)).toBe(added.indexOf(other));
      }),
    );
  });

  it('finds no text that is longer than any in it', () => {
    expect(tableOf(['a']).find('a'.repeat(100_000))).toBe(-1);
  });
});
