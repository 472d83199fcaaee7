import { describe, expect, it } from '@jest/globals';
import { RecentPayloads } from './recent-payloads.js';

const MB = 1024 * 1024;

describe('recent payloads', () => {
  it('returns a copy of each payload once', () => {
    const recent = new RecentPayloads();
    const payload = Buffer.from('[{"a":1}]');
    recent.put('job', payload);
    payload.fill(0);
    expect(recent.take('other')).toBeUndefined();
    expect(recent.take('job')?.toString()).toBe('[{"a":1}]');
    expect(recent.take('job')).toBeUndefined();
  });

  it('keeps at most 4 MB, and forgets the oldest', () => {
    const recent = new RecentPayloads();
    for (let n = 1; n <= 5; n += 1) recent.put(`${n}`, Buffer.alloc(MB));
    expect(recent.take('1')).toBeUndefined();
    expect(recent.take('2')).toBeDefined();
    // What was taken makes room.
    recent.put('6', Buffer.alloc(MB));
    expect(['3', '4', '5', '6'].map((job) => recent.take(job)?.length)).toEqual([MB, MB, MB, MB]);
  });

  it('counts a job that is put twice once', () => {
    const recent = new RecentPayloads();
    for (let n = 0; n < 5; n += 1) recent.put('same', Buffer.alloc(MB));
    recent.put('other', Buffer.alloc(3 * MB));
    expect(recent.take('same')).toBeDefined();
  });

  it('counts empty payloads too', () => {
    const recent = new RecentPayloads();
    recent.put('empty', Buffer.alloc(0));
    expect(recent.take('empty')).toHaveLength(0);
  });
});
