import { describe, expect, it } from '@jest/globals';
import { addParts, indexedForm, innerPrefix, isCut, lastPrefix } from './text-forms.js';

function partsOf(text: string): string[] {
  const parts: string[] = [];
  addParts('c1', text, parts);
  return parts;
}

describe('the forms of a text in an index', () => {
  it('are only the text itself up to 7,000 code points, with astral ones counted once', () => {
    for (const text of ['', 'x', 'x'.repeat(7_000), '😀'.repeat(7_000)]) {
      expect([indexedForm(text), isCut(text), partsOf(text)]).toEqual([text, false, []]);
    }
  });

  it.each([
    ['one byte', 'x'],
    ['two bytes', 'é'],
    ['three bytes', '語'],
    ['four bytes', '😀'],
    ['four bytes after one, so that pairs lie across the cuts', '😀', 'x'],
  ])('fit into keywords, are well-formed, and lose nothing: %s', (_name, character, before = '') => {
    for (const length of [7_000, 7_001, 8_000, 8_001, 15_001, 100_000]) {
      const text = `${before}${character.repeat(length)}\u0000end`;
      const [hash, ...parts] = partsOf(text);
      for (const keyword of [indexedForm(text), hash ?? '', ...parts]) {
        expect(keyword.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(keyword)).toBeLessThan(32_766);
      }
      expect(indexedForm(text).endsWith('\u0000')).toBe(true);
      const prefixes = [...parts.slice(1).map(() => innerPrefix('c1')), lastPrefix('c1')];
      expect(parts.map((part, index) => part.startsWith(prefixes[index] ?? '-'))).toEqual(parts.map(() => true));
      expect(text.endsWith((parts.at(-1) ?? '-').slice(lastPrefix('c1').length))).toBe(true);
    }
  });

  it('distinguish a text that ends in NUL from one that is cut there', () => {
    const text = 'x'.repeat(7_000);
    expect(indexedForm(`${text}\u0000`)).toBe(indexedForm(`${text}y`));
    expect(partsOf(`${text}\u0000`)[0]).not.toBe(partsOf(`${text}y`)[0]);
    expect(isCut('\u0000')).toBe(true);
    expect(partsOf('a\u0000')).toHaveLength(2);
  });
});
