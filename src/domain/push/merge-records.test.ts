import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../json/json-value.js';
import { mergeInto, mergeRecords } from './merge-records.js';

const key = fc.constantFrom('a', 'b', '__proto__', 'constructor');
const { record } = fc.letrec<{ record: JsonObject; value: unknown }>((tie) => ({
  record: fc
    .dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true })
    .map((members) => members as JsonObject),
  value: fc.oneof({ maxDepth: 3 }, fc.constantFrom(1, 'x', null, [1], []), tie('record')),
}));

describe('mergeRecords', () => {
  it('merges objects by key, replaces everything else, and changes neither record', () => {
    const stored = JSON.parse('{"a":{"x":1,"y":[1]},"b":{"z":1},"c":1,"__proto__":{"p":1}}');
    const given = JSON.parse('{"a":{"y":[2],"w":null},"b":null,"__proto__":{"q":2}}');
    const before = JSON.stringify([stored, given]);
    const expected = '{"a":{"x":1,"y":[2],"w":null},"b":null,"c":1,"__proto__":{"p":1,"q":2}}';
    expect(JSON.stringify(mergeRecords(stored, given))).toBe(expected);
    expect(JSON.stringify([stored, given])).toBe(before);
  });
});

describe('mergeInto', () => {
  it('gives the same as mergeRecords, and changes no given record', () => {
    fc.assert(
      fc.property(record, record, record, (stored, first, second) => {
        const expected = JSON.stringify(mergeRecords(mergeRecords(stored, first), second));
        const given = JSON.stringify([first, second]);
        expect(JSON.stringify(mergeRecords(mergeInto(structuredClone(stored), first), second))).toBe(expected);
        expect(JSON.stringify([first, second])).toBe(given);
      }),
    );
  });
});
