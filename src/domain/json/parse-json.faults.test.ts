import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SluiceError } from '../errors.js';
import { ExactNumber } from './json-value.js';
import { parseJson } from './parse-json.js';

function faultOf(body: string | Buffer): [string, string] {
  try {
    parseJson(Buffer.from(body));
  } catch (error) {
    if (error instanceof SluiceError) return [error.code, error.message];
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('parseJson, when it refuses', () => {
  it.each<[string, number[], string]>([
    ['a byte that is never UTF-8', [0x22, 0xff, 0x22], 'line 1, column 2: the byte 0xff'],
    ['a continuation byte alone', [0x22, 0x80, 0x22], 'line 1, column 2: the byte 0x80'],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22], 'line 1, column 2: the byte 0xc0'],
    ['half of a surrogate pair', [0x22, 0xed, 0xa0, 0x80, 0x22], 'line 1, column 2: the byte 0xed'],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22], 'line 1, column 2: the byte 0xe2'],
    ['a sequence that the end cuts', [0x22, 0x0a, 0xe2, 0x82], 'line 2, column 1: the byte 0xe2'],
    ['a code point beyond Unicode', [0x22, 0xf5, 0x80, 0x80, 0x80, 0x22], 'line 1, column 2: the byte 0xf5'],
    [
      'a byte after a mark and real replacement characters',
      [...Buffer.from('\ufeff"\ufffd\n😀\ufffd'), 0xfe],
      'line 2, column 4: the byte 0xfe',
    ],
    [
      'a long number before it',
      [0x5b, ...Buffer.from('12345678901234567890,"'), 0xff, 0x22, 0x5d],
      'line 1, column 24: the byte 0xff',
    ],
    [
      'a long number after it',
      [0x5b, 0x22, 0xff, 0x22, ...Buffer.from(',12345678901234567890]')],
      'line 1, column 3: the byte 0xff',
    ],
  ])('says where the fault is: %s', (_name, bytes, place) => {
    const reason = 'does not belong there: the body is not UTF-8 text; send JSON encoded as UTF-8';
    expect(faultOf(Buffer.from(bytes))).toEqual(['INVALID_JSON', `${place} ${reason}`]);
  });

  it.each<[string, string]>([
    ['{"a": 1,\n "b": +1}', 'line 2, column 7: "+" does not belong there'],
    ['{"a": 1,\r\n "b": 1e}', 'line 2, column 9: "}" does not belong there; a digit is missing before it'],
    ['[1.]', 'line 1, column 4: "]" does not belong there; a digit is missing before it'],
    ['[-x]', 'line 1, column 3: "x" does not belong there; a digit is missing before it'],
    ['[-]', 'line 1, column 3: "]" does not belong there; a digit is missing before it'],
    ['[1, 012345678901234567890]', 'line 1, column 6: "1" does not belong there'],
    ['[1e', 'line 1, column 4: the JSON ends too early'],
    ['{"a": "x\ty"}', 'line 1, column 9: a raw tab inside a string; write it as \\t'],
    ['{"a": "x\ny"}', 'line 1, column 9: a raw line break inside a string; write it as \\n'],
    ['{"a\u0000": 1}', 'line 1, column 4: a raw control character inside a string; write it as \\u0000'],
    ['["C:\\work"]', 'line 1, column 6: "w" does not belong after a backslash; write a backslash in a text as \\\\'],
    ['["\\u12g4"]', 'line 1, column 7: "g" does not belong after \\u, which takes four hexadecimal digits'],
    ['["\\😀"]', 'line 1, column 4: "😀" does not belong after a backslash; write a backslash in a text as \\\\'],
    ['["abc', 'line 1, column 6: the JSON ends too early'],
    ['["abc\\', 'line 1, column 7: the JSON ends too early'],
    ['[tru]', 'line 1, column 5: "]" does not belong there'],
    ['[{"a":1,9007199254740993:2}]', 'line 1, column 9: "9" does not belong there'],
    ['{1e280:2}', 'line 1, column 2: "1" does not belong there'],
    ['{"a": NaN}', 'line 1, column 7: "N" does not belong there'],
    ["{'a': 1}", 'line 1, column 2: "\'" does not belong there'],
    ['{"a": 1', 'line 1, column 8: the JSON ends too early'],
    ['[12345678901234567890,\n12345678901234567890 x]', 'line 2, column 22: "x" does not belong there'],
  ])('gives line and column of the fault in %j', (body, message) => {
    expect(faultOf(body)).toEqual(['INVALID_JSON', message]);
  });

  it('refuses every text that JSON.parse refuses, and only those', () => {
    const shreds = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '1',
      '-',
      '.',
      'e',
      '0123456789012345678',
      'null',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(shreds, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) parseJson(text);
        else expect(faultOf(text)[0]).toBe('INVALID_JSON');
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['[', '{"a":', '[{"a":'])('refuses a bomb of 100,000 times %s by its depth', (opening) => {
    const message = 'the JSON nests more than 1000 levels deep';
    expect(faultOf(opening.repeat(100_000))).toEqual(['INVALID_JSON', expect.stringContaining(message)]);
  });

  it('keeps the last value of a key that an object has twice, as JSON.parse does', () => {
    expect(parseJson('{"a": 1, "b": 2, "a": 9007199254740993}')).toEqual({
      a: new ExactNumber('9007199254740993'),
      b: 2,
    });
  });
});
