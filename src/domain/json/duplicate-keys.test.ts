import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findDuplicateKey } from './duplicate-keys.js';

describe('findDuplicateKey', () => {
  it.each([
    ['{"a": 1, "b": {"a": 2}, "c": [{"a": 1}, {"a": 2}]}', null],
    ['{"a": 1, "a": 2}', '/a'],
    ['{"x": [1, {"k": {}, "y": "k", "k": 2}]}', '/x/1/k'],
    ['{"a/b": {"~": 1, "\\u007e": 2}}', '/a~1b/~0'],
    ['{"a": "{\\"b\\": 1, \\"b\\": 2}"}', null],
    ['[]', null],
    ['"a"', null],
  ])('in %s finds %j', (text, pointer) => {
    expect(findDuplicateKey(text)).toBe(pointer);
  });

  it('finds none in what JSON.stringify writes', () => {
    fc.assert(fc.property(fc.json(), (text) => expect(findDuplicateKey(JSON.stringify(JSON.parse(text)))).toBeNull()));
  });
});
