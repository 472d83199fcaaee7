import { describe, expect, it } from '@jest/globals';
import { madeWhenUsed } from './made-when-used.js';

describe('madeWhenUsed', () => {
  it('makes each member once, when it is first used', () => {
    const made: string[] = [];
    const make = (name: string) => () => {
      made.push(name);
      return { name };
    };
    const members = madeWhenUsed({ one: make('one'), other: make('other') });
    expect(made).toEqual([]);
    expect([members.one, members.one]).toEqual([{ name: 'one' }, { name: 'one' }]);
    expect(made).toEqual(['one']);
    expect({ ...members }).toEqual({ one: { name: 'one' }, other: { name: 'other' } });
    expect(made).toEqual(['one', 'other']);
  });
});
