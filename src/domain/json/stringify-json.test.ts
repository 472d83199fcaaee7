import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExactNumber } from './json-value.js';
import { parseJson } from './parse-json.js';
import { briefJson, stringifyJson } from './stringify-json.js';

const HOSTILE_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'a.b',
  '$where',
  '$',
  '',
  ' ',
  '😀',
  'é',
  '/~',
];

const key = fc.oneof(fc.constantFrom(...HOSTILE_KEYS), fc.string({ unit: 'binary' }));
const literal = fc.oneof(
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.constantFrom('0.1', '1.5', '9007199254740993', '1e999', '-1e-400', 'true', 'false', 'null'),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);
/** Compact JSON text with keys once an object and integers of any length. */
const { text: jsonText } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    literal,
    fc.array(tie('text'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(key, tie('text')), { selector: ([name]) => name, maxLength: 4 })
      .map((members) => members.filter(([name]) => !/^\d+$/.test(name)))
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
  ),
}));

describe('stringifyJson', () => {
  it('writes what parseJson read, with every digit and any keys', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(stringifyJson(parseJson(text))).toBe(text);
        expect(stringifyJson(parseJson(Buffer.from(text)))).toBe(text);
      }),
    );
  });

  it('writes the same as JSON.stringify if there is no exact number', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(stringifyJson(value)).toBe(JSON.stringify(value))));
  });

  it('writes exact numbers as numbers, and strings that look like them as strings', () => {
    const value = { n: new ExactNumber('9007199254740993'), s: '9007199254740993', l: [new ExactNumber('-1e999')] };
    expect(stringifyJson(value)).toBe('{"n":9007199254740993,"s":"9007199254740993","l":[-1e999]}');
    expect(stringifyJson(new ExactNumber('1e999'))).toBe('1e999');
  });

  it('writes the same as JSON.stringify except for the exact numbers', () => {
    const things = [
      new Date(0),
      undefined,
      () => 1,
      Number.NaN,
      -0,
      { toJSON: (key: string) => `of ${key}` },
      null,
      'x"',
    ];
    const value = {
      things,
      date: new Date(0),
      nothing: undefined,
      call: () => 1,
      own: { toJSON: (key: string) => key },
    };
    expect(stringifyJson({ value, n: new ExactNumber('1e999') })).toBe(
      JSON.stringify({ value, n: 0 }).replace(/0}$/, '1e999}'),
    );
  });

  it('writes null for values that JSON cannot express', () => {
    expect(stringifyJson(undefined)).toBe('null');
  });
});

describe('briefJson', () => {
  it('is well-formed, and at most 200 characters and a mark of the cut, for every value', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary', minLength: 150, size: 'medium' })), (value) => {
        const brief = briefJson(value);
        expect(brief.length).toBeLessThanOrEqual(203);
        expect(brief.isWellFormed()).toBe(true);
      }),
    );
  });

  it.each<[unknown, string]>([
    ['x', '"x"'],
    [null, 'null'],
    [undefined, 'null'],
    [[1, { a: [] }], '[1,{"a":[]}]'],
    ['x'.repeat(199), `"${'x'.repeat(199)}...`],
    ['x'.repeat(198), `"${'x'.repeat(198)}"`],
  ])('writes %j as %s', (value, brief) => {
    expect(briefJson(value)).toBe(brief);
  });

  it('is the beginning of the JSON text, and says that it was cut, however long the text is', () => {
    fc.assert(
      fc.property(fc.array(jsonText, { maxLength: 20 }), (texts) => {
        const text = `[${texts.join(',')}]`;
        expect(briefJson(parseJson(text))).toBe((text.length > 200 ? `${text.slice(0, 200)}...` : text).toWellFormed());
      }),
    );
  });
});
