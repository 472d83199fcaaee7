import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { validate, version } from 'uuid';
import { newId } from './new-id.js';

/** More than the random bytes that are made at once. The times of these tests must grow, since an id is never less than one before it. */
const COUNT = 3_000;

describe('a new id', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is a UUID of version 7 with the time of its creation', () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2100, 0, 1));
    const id = newId();
    expect([validate(id), version(id)]).toEqual([true, 7]);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(Date.UTC(2100, 0, 1));
  });

  it.each([
    ['in the same millisecond', () => Date.UTC(2200, 0, 1)],
    ['later', (n: number) => Date.UTC(2300, 0, 1) + n],
    ['while the time of day is set back', (n: number) => Date.UTC(2400, 0, 1) - n],
  ])('is greater than all before it: %s', (_, timeOf) => {
    let n = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => timeOf(n++));
    const ids = Array.from({ length: COUNT }, newId);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('has random bits of its own at the end', () => {
    const ends = new Set(Array.from({ length: COUNT }, () => newId().slice(-10)));
    expect(ends.size).toBe(COUNT);
  });
});
