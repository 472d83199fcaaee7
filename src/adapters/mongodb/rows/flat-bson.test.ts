import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { readFlatBson } from './flat-bson.js';

describe('readFlatBson', () => {
  it('reads what the driver reads', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 50 });
    const number = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.maxSafeInteger(), fc.constantFrom(0, -0));
    const name = fc.constantFrom('_id', 'v', 'n', 'd', 'j', 'size');
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(text, number, fc.boolean())), (document) => {
        const bson = Buffer.from(BSON.serialize(document));
        expect(readFlatBson(bson)).toEqual(BSON.deserialize(bson));
      }),
    );
  });

  it('refuses other types, which would be read wrongly', () => {
    const bson = Buffer.from(BSON.serialize({ v: 1, s: new Date(0) }));
    expect(() => readFlatBson(bson)).toThrow('the field s has the BSON type 9');
  });
});
