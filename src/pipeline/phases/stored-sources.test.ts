import { describe, expect, it } from '@jest/globals';
import { mergedOnto } from './stored-sources.js';

describe('mergedOnto', () => {
  it('merges a chain of upserts in order, and leaves each as it is, so that the chain can be merged again', () => {
    const first = { record: { a: { x: 1 }, b: 1 }, before: null };
    const second = { record: { a: { y: 2 } }, before: first };
    const third = { record: { a: { x: 3 } }, before: second };
    const merged = () => mergedOnto('r', '{"b":0,"c":0}', third);
    expect(merged()).toEqual({ a: { x: 3, y: 2 }, b: 1, c: 0 });
    expect(merged()).toEqual({ a: { x: 3, y: 2 }, b: 1, c: 0 });
    expect(mergedOnto('r', '{}', first)).toEqual({ a: { x: 1 }, b: 1 });
  });
});
