import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atOnce } from '../at-once.js';
import { ExactNumber } from './json-value.js';
import { stringifyInSlices } from './stringify-in-slices.js';
import { stringifyJson } from './stringify-json.js';

const written = (value: unknown) => atOnce(stringifyInSlices(value));

/** Values of which some are larger than a slice, and some have no JSON. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(null, true, 1.5, 'a"b', undefined, new Date(0), new ExactNumber('1e999')),
    fc.constantFrom('x'.repeat(70_000), 'é'.repeat(40_000)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom('a', '__proto__', 'toString', '1', ''), tie('value'), { maxKeys: 4 }),
  ),
}));

describe('stringifyInSlices', () => {
  it('writes what stringifyJson writes', () => {
    fc.assert(
      fc.property(values.value, (value) => expect(written(value)).toBe(stringifyJson(value))),
      { numRuns: 500 },
    );
  });

  it('yields often while it writes many small values, and does not write empty containers twice', () => {
    const many = { rows: Array.from({ length: 200_000 }, (_, index) => ({ index, empty: {}, none: [] })), last: [] };
    expect([...stringifyInSlices(many)].length).toBeGreaterThan(50);
    expect(written(many)).toBe(JSON.stringify(many));
  });
});
