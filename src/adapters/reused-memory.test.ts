import { describe, expect, it } from '@jest/globals';
import { ReusedMemory } from './reused-memory.js';

describe('reused memory', () => {
  it('is the same for requests that follow each other, as long as they are no larger', () => {
    const memory = new ReusedMemory();
    const first = memory.ofBytes(100);
    expect(memory.ofBytes(40).buffer).toBe(first.buffer);
    expect(memory.ofBytes(40)).toHaveLength(40);
    const larger = memory.ofBytes(101);
    expect(larger.buffer).not.toBe(first.buffer);
    expect(memory.ofBytes(100).buffer).toBe(larger.buffer);
  });

  it('is not used again once it was left to a request', () => {
    const memory = new ReusedMemory();
    const left = memory.ofBytes(3).fill(7);
    memory.leave();
    memory.ofBytes(3).fill(8);
    expect([...left]).toEqual([7, 7, 7]);
  });
});
