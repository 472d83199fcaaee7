import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readReferenceJson } from '../../../test/support/reference-json.js';
import { parseWithEscapedKeys } from './escaped-keys.js';
import { parseJson } from './parse-json.js';

const KEYS = ['a', 'b', '\\\\', '\\"', '\\n', '\\u00e9', '\\ud800', '\\u005c', '\\\\b', '\\bX', '__proto__', 'é'];
const object = fc
  .array(fc.constantFrom(...KEYS), { maxLength: 4 })
  .map((keys) => `{${keys.map((key) => `"${key}":1`)}}`);

describe('keys with escapes', () => {
  it('are read correctly, whatever keys earlier objects had', () => {
    fc.assert(
      fc.property(object, (text) => {
        const read = readReferenceJson(text);
        if (!('value' in read)) throw new Error(`the reference refuses ${text}`);
        expect(Object.keys(parseJson(text) as object)).toEqual([...(read.value as Map<string, unknown>).keys()]);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    '{"\\n": [1, -2.5e3, "x\\"y", true, false, null, [], {}]}',
    ' { "\\u0061" : { "b" : [ ] , "__proto__" : { "c" : "\\\\" } } , "d" : "" } ',
    '[{"\\t":1},{"\\t":"\\ud83d\\ude00"}]',
    '"\\n"',
    '-0',
  ])('keep every value of %s', (text) => {
    expect(parseWithEscapedKeys(text)).toEqual(JSON.parse(text));
  });
});
