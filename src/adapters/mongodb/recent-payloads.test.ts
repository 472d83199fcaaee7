import { describe, expect, it } from '@jest/globals';
import { RecentPayloads } from './recent-payloads.js';

const KB = 1024;
const MB = 1024 * KB;

describe('recent payloads', () => {
  it('returns each payload once', () => {
    const recent = new RecentPayloads();
    recent.put('job', Buffer.from('[{"a":1}]'));
    expect(recent.take('other')).toBeUndefined();
    expect(recent.take('job')?.toString()).toBe('[{"a":1}]');
    expect(recent.take('job')).toBeUndefined();
  });

  it('keeps no large buffer for a small part of it', () => {
    const recent = new RecentPayloads();
    recent.put('part', Buffer.allocUnsafeSlow(20 * MB).subarray(0, MB));
    recent.put('whole', Buffer.allocUnsafeSlow(MB));
    expect(['part', 'whole'].map((job) => recent.take(job)?.buffer.byteLength)).toEqual([MB, MB]);
  });

  it('keeps at most 4 MB of small ones, and forgets the oldest', () => {
    const recent = new RecentPayloads();
    for (let n = 0; n <= 248; n += 1) recent.put(`${n}`, Buffer.alloc(16 * KB));
    expect(recent.take('0')).toBeUndefined();
    expect(recent.take('1')).toBeDefined();
    // What was taken makes room.
    recent.put('more', Buffer.alloc(16 * KB));
    expect(['2', '248', 'more'].map((job) => recent.take(job)?.length)).toEqual([16 * KB, 16 * KB, 16 * KB]);
  });

  it('keeps 32 MB of large ones, those that came first', () => {
    const recent = new RecentPayloads();
    for (let n = 1; n <= 16; n += 1) recent.put(`${n}`, Buffer.alloc(2 * MB));
    recent.put('small', Buffer.alloc(16 * KB));
    expect(['16', '1', 'small'].map((job) => recent.take(job)?.length)).toEqual([undefined, 2 * MB, 16 * KB]);
    recent.put('17', Buffer.alloc(2 * MB));
    expect(['2', '15', '17'].map((job) => recent.take(job)?.length)).toEqual([2 * MB, 2 * MB, 2 * MB]);
  });

  it('forgets large ones that nobody has loaded for a while, if others need their place', () => {
    let now = 0;
    const recent = new RecentPayloads(undefined, () => now);
    recent.put('old', Buffer.alloc(20 * MB));
    now = 10_000;
    recent.put('fits', Buffer.alloc(10 * MB));
    recent.put('other', Buffer.alloc(20 * MB));
    expect(['old', 'fits', 'other'].map((job) => recent.take(job)?.length)).toEqual([undefined, 10 * MB, 20 * MB]);
  });

  it('counts a job that is put twice once', () => {
    const recent = new RecentPayloads();
    for (let n = 0; n < 5; n += 1) recent.put('same', Buffer.alloc(10 * MB));
    recent.put('other', Buffer.alloc(21 * MB));
    expect(['same', 'other'].map((job) => recent.take(job)?.length)).toEqual([10 * MB, 21 * MB]);
  });

  it('counts what tiny ones take besides their bytes, and keeps no empty ones', () => {
    const recent = new RecentPayloads();
    for (let n = 0; n < 10_000; n += 1) recent.put(`${n}`, Buffer.from('[{}]'));
    recent.put('empty', Buffer.alloc(0));
    expect(['0', '9999', 'empty'].map((job) => recent.take(job)?.length)).toEqual([undefined, 4, undefined]);
  });

  it('keeps what it has if a larger one never fits, and nothing without room', () => {
    let now = 0;
    const recent = new RecentPayloads(undefined, () => now);
    recent.put('kept', Buffer.alloc(20 * MB));
    now = 20_000;
    recent.put('too large', Buffer.alloc(33 * MB));
    expect(['kept', 'too large'].map((job) => recent.take(job)?.length)).toEqual([20 * MB, undefined]);
    const none = new RecentPayloads({ small: 0, large: 0 });
    none.put('job', Buffer.from('[{}]'));
    expect(none.take('job')).toBeUndefined();
  });
});
