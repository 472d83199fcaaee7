import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cpuMs } from '../../../test/support/cpu-ms.js';
import { slowness } from '../../../test/support/machine-speed.js';
import { atOnce } from '../at-once.js';
import { ExactNumber } from './json-value.js';
import { stringifyInSlices, TextTooLong } from './stringify-in-slices.js';
import { stringifyJson } from './stringify-json.js';

/** The longest stretch between two yields. */
function longestSlice(value: unknown): number {
  const slices = stringifyInSlices(value);
  let longest = 0;
  for (let start = cpuMs(); !slices.next().done; start = cpuMs()) longest = Math.max(longest, cpuMs() - start);
  return longest;
}

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

  it('does not measure nested containers again for each one around them', () => {
    let nested: unknown = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, n]));
    for (let level = 0; level < 900; level += 1) nested = [nested];
    longestSlice(nested);
    expect(longestSlice(nested) / slowness()).toBeLessThan(50);
    expect(written(nested)).toBe(JSON.stringify(nested));
  });

  it('refuses a text that has too many bytes, brackets and keys included', () => {
    const keys = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`é${n}`, []]));
    const { length } = Buffer.from(JSON.stringify(keys));
    expect(atOnce(stringifyInSlices(keys, length))).toHaveLength(JSON.stringify(keys).length);
    expect(() => atOnce(stringifyInSlices(keys, length - 1))).toThrow(TextTooLong);
  });

  it('tells before each yield how many bytes are written, and ends with what the listener throws', () => {
    const texts = Array.from({ length: 100 }, () => 'é'.repeat(10_000));
    const told: number[] = [];
    const slices = stringifyInSlices(texts, Number.POSITIVE_INFINITY, (bytes) => told.push(bytes));
    let yields = 0;
    for (const _ of slices) {
      yields += 1;
      // Before the first text, large containers are looked for.
      if (told.length > 0) expect(yields).toBeGreaterThanOrEqual(told.length);
    }
    expect(told.length).toBeGreaterThan(10);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeGreaterThan(1_800_000);
    expect(told.at(-1)).toBeLessThanOrEqual(Buffer.byteLength(JSON.stringify(texts)));
    const refuse = () => {
      throw new RangeError('no room');
    };
    expect(() => atOnce(stringifyInSlices(texts, Number.POSITIVE_INFINITY, refuse))).toThrow('no room');
  });

  it('yields often while it writes many small values, and does not write empty containers twice', () => {
    const many = { rows: Array.from({ length: 200_000 }, (_, index) => ({ index, empty: {}, none: [] })), last: [] };
    expect([...stringifyInSlices(many)].length).toBeGreaterThan(50);
    expect(written(many)).toBe(JSON.stringify(many));
  });
});
