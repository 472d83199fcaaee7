import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SluiceError } from '../errors.js';
import { numberOf } from './exact-number.js';
import { ExactNumber } from './json-value.js';
import { parseJson, parseKeptJson, parseSentJson } from './parse-json.js';
import { briefJson, stringifyJson } from './stringify-json.js';

function faultOf(run: () => unknown): SluiceError {
  try {
    run();
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('parseJson', () => {
  it('gives the same as JSON.parse for ordinary JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(stringifyJson(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
        expect(stringifyJson(parseJson(Buffer.from(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('keeps the digits of integers of any length, wherever they are', () => {
    const literal = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String);
    fc.assert(
      fc.property(fc.array(literal), fc.string(), (literals, key) => {
        const text = `{${JSON.stringify(`k${key}`)}:[${literals.join(',')}],"s":"12345678901234567890"}`;
        expect(stringifyJson(parseJson(text))).toBe(text);
      }),
    );
  });

  it('turns numbers that a double cannot hold into exact numbers, and no others', () => {
    const text =
      '[9007199254740992, 9007199254740993, -9007199254740993, 1e999, 1E5, 0.1234567890123456789, 1e300, 1e-400]';
    expect(parseJson(text)).toEqual([
      9007199254740992,
      new ExactNumber('9007199254740993'),
      new ExactNumber('-9007199254740993'),
      new ExactNumber('1e999'),
      100000,
      new ExactNumber('0.1234567890123456789'),
      1e300,
      new ExactNumber('1e-400'),
    ]);
  });

  it('treats every number as numberOf does, however it is written and wherever it is', () => {
    const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
    const whole = digits(25).map((text) => text.replace(/^0+(?=.)/, ''));
    const power = fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), digits(4)).map(([e, text]) => e + text);
    const literal = fc
      .tuple(fc.constantFrom('', '-'), whole, fc.option(digits(25), { nil: '' }), fc.option(power, { nil: '' }))
      .map(([sign, before, fraction, exponent]) => `${sign}${before}${fraction && `.${fraction}`}${exponent}`);
    fc.assert(
      fc.property(fc.array(literal), fc.string({ unit: 'binary' }), (literals, text) => {
        const parsed = parseJson(Buffer.from(`[${[JSON.stringify(text), ...literals].join(' ,')}]`));
        expect(parsed).toEqual([text, ...literals.map(numberOf)]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps any key as data, in both ways of parsing', () => {
    for (const number of ['1', '12345678901234567890']) {
      const parsed = parseJson(`{"__proto__": {"a": ${number}}, "constructor": ${number}}`);
      expect(Object.keys(parsed as object)).toEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
      expect(stringifyJson(parsed)).toBe(`{"__proto__":{"a":${number}},"constructor":${number}}`);
    }
  });

  it.each([
    ['{"a":', 'line 1, column 6: the JSON ends too early'],
    ['[1,\n 2,]', 'line 2, column 4: "]" does not belong there'],
    ['{"a": 01234567890123456789}', 'line 1, column 8: "1" does not belong there'],
    ['{a: 1}', 'line 1, column 2: "a" does not belong there'],
    ['[1] x', 'line 1, column 5: "x" does not belong there'],
    ['// note\n1', 'line 1, column 1: "/" does not belong there'],
    [' \n', 'the body is empty; send JSON'],
  ])('says where %j is wrong', (text, message) => {
    expect(faultOf(() => parseJson(text))).toMatchObject({ code: 'INVALID_JSON', message });
  });

  it('refuses bytes that are not UTF-8, and accepts a byte order mark', () => {
    expect(faultOf(() => parseJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).code).toBe('INVALID_JSON');
    expect(parseJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
  });

  it('accepts a thousand levels, and refuses depth bombs by their depth', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(faultOf(() => parseJson(nested(100_000))).message).toBe(
      'line 1, column 1001: the JSON nests more than 1000 levels deep',
    );
    expect(faultOf(() => parseJson('{"a":'.repeat(5_000))).code).toBe('INVALID_JSON');
    expect(JSON.stringify(parseJson(nested(1_000)))).toBe(nested(1_000));
    expect(parseJson(JSON.stringify('['.repeat(5_000)))).toBe('['.repeat(5_000));
  });
});

describe('parseKeptJson', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678.123456789',
    '1e400',
    '-1e-400',
    '1E+308',
    '{"\\n":1,"\\\\":2}',
  ])('reads %s as parseJson does', (text) => {
    expect(stringifyJson(parseKeptJson(text))).toBe(stringifyJson(parseJson(text)));
  });

  it('gives the same as parseJson, for short texts too', () => {
    const number = fc.mixedCase(fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,20})?(e[+-]?\d{1,4})?$/));
    const member = fc.tuple(fc.json({ maxDepth: 1 }), fc.constantFrom('a', '\\u0061', '__proto__', '\\\\'), number);
    fc.assert(
      fc.property(fc.array(member, { maxLength: 4 }), (members) => {
        const text = `[${members.map(([json, key, literal]) => `${json},{"${key}":${literal}}`).join(',')}]`;
        expect(parseKeptJson(text)).toEqual(parseJson(text));
        expect(stringifyJson(parseKeptJson(text))).toBe(stringifyJson(parseJson(text)));
      }),
    );
  });
});

describe('parseSentJson', () => {
  it('gives the same as parseJson if no object has a key twice', () => {
    const equal = (text: string) => expect(parseSentJson(text)).toEqual(parseJson(text));
    fc.assert(fc.property(fc.json(), (text) => equal(JSON.stringify(JSON.parse(text)))));
    for (const text of ['{"a":":","b":{"a":1e999,"__proto__":{"a":[{"a":12345678901234567890}]}}}']) equal(text);
  });

  it.each([
    ['{"a":1,"b":2,"a":1}', '/a'],
    ['[{"n":1},{"o":{"x":null,"x":[]}}]', '/1/o/x'],
    ['{"n":12345678901234567890,"__proto__":1,"__proto__":2}', '/__proto__'],
    ['{"a":1,"\\u0061":2}', '/a'],
    ['{"\\u0061":1,"b":2,"a":2}', '/a'],
    ['[{"a":1,"b":2},{"a":1,"b":2,"a":3}]', '/1/a'],
    ['[{"a":1,"b":2},{"b":1,"a":2},{"b":1,"b":2}]', '/2/b'],
    ['[{"a":1,"b":2},{"a":1,"c":2,"a":3}]', '/1/a'],
    ['{"x": [1, {"k": {}, "y": "k", "k": 2}]}', '/x/1/k'],
    ['{"a/b": {"~": 1, "\\u007e": 2}}', '/a~1b/~0'],
    [`{${Array.from({ length: 40 }, (_, index) => `"k${index}":0,`).join('')}"k3":1}`, '/k3'],
  ])('refuses %s', (text, pointer) => {
    const { code, details, message } = faultOf(() => parseSentJson(Buffer.from(text)));
    expect([code, details.pointer]).toEqual(['BAD_REQUEST', pointer]);
    expect(message).toContain(`"${pointer}" is given twice`);
  });
});

describe('briefJson', () => {
  it('cuts, and stays well-formed', () => {
    expect(briefJson('😀'.repeat(500)).isWellFormed()).toBe(true);
    expect(briefJson('x'.repeat(5_000)).length).toBe(203);
    expect(briefJson({ n: new ExactNumber('1e999') })).toBe('{"n":1e999}');
    expect(briefJson('\ud83d')).toBe('"\\ud83d"');
  });
});
