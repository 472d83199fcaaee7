import { describe, expect, it } from '@jest/globals';
import { RecentReads } from './recent-reads.js';

function atTime() {
  const time = { ms: 0 };
  return { time, recent: new RecentReads<string>({ monotonicMs: () => time.ms }) };
}

describe('recent reads', () => {
  it('keep what was found for a second from the beginning of the read', async () => {
    const { time, recent } = atTime();
    expect(recent.get('a')).toBeUndefined();
    await recent.read('a', async () => {
      time.ms = 400;
      return 'found';
    });
    time.ms = 1_000;
    expect(recent.get('a')).toBe('found');
    expect(recent.get('b')).toBeUndefined();
    time.ms = 1_001;
    expect(recent.get('a')).toBeUndefined();
  });

  it('keep nothing that was not found, and no read that failed', async () => {
    const { recent } = atTime();
    expect(await recent.read('a', async () => null)).toBeNull();
    const failing = recent.read('b', async () => {
      throw new Error('away');
    });
    await expect(failing).rejects.toThrow('away');
    expect([recent.get('a'), recent.get('b')]).toEqual([undefined, undefined]);
  });

  it('keep nothing that was read before a change', async () => {
    const { recent } = atTime();
    await recent.read('a', async () => 'before');
    const reading = recent.read('b', async () => {
      recent.forget();
      return 'perhaps before';
    });
    expect(await reading).toBe('perhaps before');
    expect([recent.get('a'), recent.get('b')]).toEqual([undefined, undefined]);
    await recent.read('a', async () => 'after');
    expect(recent.get('a')).toBe('after');
  });

  it('are bounded', async () => {
    const { recent } = atTime();
    for (let n = 0; n <= 10_000; n += 1) await recent.read(`${n}`, async () => 'found');
    expect([recent.get('0'), recent.get('1'), recent.get('10000')]).toEqual([undefined, 'found', 'found']);
  });
});
