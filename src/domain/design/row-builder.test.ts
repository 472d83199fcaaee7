import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RowBuilder } from './row-builder.js';

const KEYS = Array.from({ length: 30 }, (_, n) => `c${n + 1}`);

/** The rows of a builder for these values, as they would be stored. */
function built(keys: readonly string[], rows: readonly Readonly<Record<string, number>>[]): unknown {
  const builder = new RowBuilder(keys);
  const taken = rows.map((values) => {
    Object.assign(builder.begin(), values);
    return builder.take();
  });
  return JSON.parse(JSON.stringify(taken));
}

describe('rows that are built one after the other', () => {
  it('have exactly their own values', () => {
    const values = fc.dictionary(fc.constantFrom(...KEYS), fc.integer(), { noNullPrototype: true });
    fc.assert(fc.property(fc.array(values), (rows) => expect(built(KEYS, rows)).toEqual(rows)));
  });

  it('have only the keys with values when most columns are empty', () => {
    const builder = new RowBuilder(KEYS);
    builder.begin().c7 = 1;
    expect(Object.keys(builder.take())).toEqual(['c7']);
    const full = builder.begin();
    for (const key of KEYS) full[key] = 1;
    expect(Object.keys(builder.take())).toEqual(KEYS);
  });

  it.each([5, 600])('have no values of a row of %d columns that an error interrupted', (count) => {
    const builder = new RowBuilder(Array.from({ length: count }, (_, n) => `c${n}`));
    builder.begin().c0 = 1;
    builder.begin().c1 = 2;
    expect(JSON.parse(JSON.stringify(builder.take()))).toEqual({ c1: 2 });
  });

  it('may have more columns than a V8 layout', () => {
    const keys = Array.from({ length: 600 }, (_, n) => `c${n}`);
    expect(built(keys, [{ c599: 1 }, {}, { c0: 2 }])).toEqual([{ c599: 1 }, {}, { c0: 2 }]);
  });
});
