import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { refuseRepeatedVariables } from './variable-uses.js';

const using = (count: number) => parse(`query ($v: JSON) { inferFields(sample: [${'$v '.repeat(count)}]) { path } }`);

describe('refuseRepeatedVariables', () => {
  it.each([
    ['an object', { a: 1 }],
    ['a list', []],
    ['a long text', 'x'.repeat(1_001)],
  ])('lets a query use %s ten times, and no more', (_name, v) => {
    expect(() => refuseRepeatedVariables(using(10), { v })).not.toThrow();
    expect(() => refuseRepeatedVariables(using(11), { v })).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });

  it.each([
    ['null', { v: null }],
    ['a number', { v: 1 }],
    ['a short text', { v: 'x'.repeat(1_000) }],
    ['nothing', {}],
  ])('lets a query use %s often', (_name, variables) => {
    expect(() => refuseRepeatedVariables(using(5_000), variables)).not.toThrow();
  });
});
