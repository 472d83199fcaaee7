import { describe, expect, it } from '@jest/globals';
import { LaneTails } from './lane-tails.js';

const tail = { position: 3, bytes: 30 };

describe('the tails of lanes', () => {
  it('are kept for the next append', () => {
    const tails = new LaneTails();
    expect(tails.take('d')).toBeUndefined();
    tails.keep('d', tail);
    expect(tails.take('e')).toBeUndefined();
    expect(tails.take('d')).toEqual(tail);
    expect(tails.take('d')).toBeUndefined();
  });

  it('are not kept for a minute after another process has appended', () => {
    let now = 0;
    const tails = new LaneTails(() => now);
    tails.noteShared('d');
    now = 59_999;
    expect(tails.isShared('d')).toBe(true);
    tails.keep('d', tail);
    expect(tails.take('d')).toBeUndefined();
    now = 60_000;
    expect(tails.isShared('d')).toBe(false);
    tails.keep('d', tail);
    expect(tails.take('d')).toEqual(tail);
  });

  it('are those of the 10,000 lanes that were used last', () => {
    const tails = new LaneTails();
    for (let lane = 0; lane <= 10_000; lane += 1) tails.keep(`${lane}`, tail);
    expect(tails.take('0')).toBeUndefined();
    expect(tails.take('1')).toEqual(tail);
    expect(tails.take('10000')).toEqual(tail);
  });
});
