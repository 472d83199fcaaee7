import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atOnce } from '../at-once.js';
import { buildElements, buildValue, OutlinedText } from './build-value.js';
import type { JsonValue } from './json-value.js';
import { parseJson } from './parse-json.js';
import { type ScannedJson, scanJson } from './scan-json.js';

const RULES = { maxDepth: 1_000, maxKeys: 50_000, distinctKeys: true, longNumbers: true };

function scanned(text: string, pieceBytes: number): { outline: ScannedJson; text: OutlinedText } {
  const bytes = Buffer.from(text);
  const outline = atOnce(scanJson(bytes, { ...RULES, pieceBytes }, 0));
  return { outline, text: new OutlinedText(bytes, outline) };
}

function builtInPieces(text: string, pieceBytes: number): JsonValue {
  const { outline, text: outlined } = scanned(text, pieceBytes);
  return atOnce(buildValue(outlined, outline));
}

/** Values with keys, numbers and nesting that are awkward to take apart. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(
      '1',
      '-0',
      '"a,b"',
      '"]"',
      '"\\\\"',
      '"\\u0022,"',
      'null',
      '12345678901234567890',
      '1e999',
      '"é😀"',
    ),
    tie('array'),
    tie('object'),
  ),
  array: fc.array(tie('value'), { maxLength: 6 }).map((elements) => `[ ${elements.join(' , ')} ]`),
  object: fc
    .uniqueArray(fc.constantFrom('"a"', '"__proto__"', '"toJSON"', '"1"', '"\\u0062"', '"c,d"', '"{"'), {
      maxLength: 6,
    })
    .chain((keys) =>
      fc
        .tuple(...keys.map(() => tie('value')))
        .map((members) => `{${keys.map((key, at) => `${key} :${members[at]}`).join()}}`),
    ),
}));

describe('buildValue', () => {
  it('builds from pieces of any length what the whole text means', () => {
    fc.assert(
      fc.property(values.value as fc.Arbitrary<string>, fc.integer({ min: 1, max: 60 }), (text, pieceBytes) => {
        expect(builtInPieces(text, pieceBytes)).toEqual(parseJson(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes a few milliseconds between two yields, and many of them for 5 MB in one array of an object', () => {
    const text = `{"id": 1, "all": [${'{},'.repeat(1_600_000)}{}], "last": 1e999}`;
    const { outline, text: outlined } = scanned(text, 64 * 1024);
    const yields = [...buildValue(outlined, outline)].length;
    expect(yields).toBeGreaterThan(60);
  });
});

describe('buildElements', () => {
  it('gives all elements in order, also those that are divided themselves', () => {
    fc.assert(
      fc.property(values.array as fc.Arbitrary<string>, fc.integer({ min: 1, max: 60 }), (text, pieceBytes) => {
        const { outline, text: outlined } = scanned(text, pieceBytes);
        const elements = outline.container ? [...buildElements(outlined, outline.container)].flat() : null;
        expect(elements).toEqual(parseJson(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('scanJson', () => {
  const outlineOf = (text: string) => scanned(text, 64 * 1024).outline;

  it('counts elements, and finds the first that is no object and the one with the most values', () => {
    const text = '{"a": [{}, {"b": [1, 2]}, 3, [4]], "c": "d"}';
    const { members, container } = outlineOf(text);
    expect(container).toMatchObject({ isObject: true, count: 2, values: 11 });
    expect(members.map(({ key, start, end }) => [key, text.slice(start, end)])).toEqual([
      ['a', '[{}, {"b": [1, 2]}, 3, [4]]'],
      ['c', '"d"'],
    ]);
    expect(members[0]?.container).toMatchObject({
      isObject: false,
      count: 4,
      values: 9,
      firstOther: { index: 2, offset: text.indexOf('3') },
      largest: { index: 1, values: 4 },
    });
  });

  it('lists the first members of an object only', () => {
    const text = `{${Array.from({ length: 100 }, (_, index) => `"k${index}": ${index}`).join()}}`;
    expect(outlineOf(text).members).toHaveLength(8);
  });
});
