import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf, offsetInText } from './half-pairs.js';

describe('halves of surrogate pairs in JSON text', () => {
  it.each([
    ['a whole pair, as it is', '"😀"', '"😀"'],
    ['a half, as an escape', '"a\ud83d"', '"a\\ud83d"'],
    ['the second half first', '"\ude00\ud83d"', '"\\ude00\\ud83d"'],
    ['a half after an escaped backslash, as an escape', '"\\\\\ud83d"', '"\\\\\\ud83d"'],
    ['a half after a backslash, which is a fault, as a replacement character', '"\\\ud83d"', '"\\\ufffd"'],
  ])('become bytes: %s', (_what, text, expected) => {
    expect(bytesOf(text).toString()).toBe(expected);
  });

  /** Texts with and without halves, pairs and characters of all lengths in UTF-8. */
  const UNITS = ['a', 'é', '字', '😀', '\ud83d', '\ude00', ' '];
  const textsOf = (...units: string[]) => fc.string({ unit: fc.constantFrom(...units), maxLength: 30 });

  it('keep their meaning as JSON', () => {
    fc.assert(
      fc.property(textsOf(...UNITS), (text) => {
        expect(JSON.parse(bytesOf(`"${text}"`).toString())).toBe(text);
      }),
    );
  });

  it('do not move the place of a fault after them', () => {
    const texts = textsOf(...UNITS, '\\');
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const text = `${before} ${after}`;
        expect(offsetInText(text, bytesOf(text), bytesOf(`${before} `).length)).toBe(before.length + 1);
      }),
    );
  });
});
