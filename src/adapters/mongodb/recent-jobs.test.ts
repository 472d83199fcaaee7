import { describe, expect, it } from '@jest/globals';
import type { JobDocument } from './documents.js';
import { RecentJobs } from './recent-jobs.js';

function job(datasetId: string, position: number): JobDocument {
  return {
    _id: `${datasetId}/${position}`,
    datasetId,
    position,
    kind: 'PUSH',
    method: 'REPLACE',
    payload: { id: '', form: 'RECORDS', bytes: 1, parts: 0 },
    totalBytes: position,
    recordCount: 1,
    acceptedAt: new Date(0),
    requestedBy: '',
    finalBefore: 0,
    open: true,
  };
}

/** With these positions of the lane `d`. */
function recentJobs(...positions: readonly number[]) {
  const recent = new RecentJobs();
  for (const position of positions) recent.put(job('d', position));
  return { recent, from: (first: number, most = 10) => recent.from('d', first, most).map(({ position }) => position) };
}

describe('recent jobs', () => {
  it('are returned in their order, as often as they are asked for', () => {
    const { recent, from } = recentJobs(4, 5, 6, 7);
    expect(from(4, 3)).toEqual([4, 5, 6]);
    expect(from(4)).toEqual([4, 5, 6, 7]);
    expect(recent.from('e', 4, 10)).toEqual([]);
  });

  it('are forgotten before the first that is asked for', () => {
    const { recent, from } = recentJobs(4, 5, 6);
    expect(from(6)).toEqual([6]);
    expect(from(5)).toEqual([]);
    expect(from(7)).toEqual([]);
    expect(from(6)).toEqual([]);
    recent.put(job('d', 9));
    expect(from(9)).toEqual([9]);
  });

  it('have no gaps: what comes after one is left to the log', () => {
    const { from } = recentJobs(4, 5, 7, 8);
    expect(from(3)).toEqual([]);
    expect(from(4)).toEqual([4, 5]);
    expect(from(6)).toEqual([]);
    expect(from(7)).toEqual([]);
  });

  it('are at most 4,000 of a lane, the first ones', () => {
    const { from } = recentJobs(...Array.from({ length: 4_001 }, (_, n) => n + 1));
    expect(from(3_999)).toEqual([3_999, 4_000]);
  });

  it('are at most 10,000 together, of the lanes that came last', () => {
    const recent = new RecentJobs();
    for (const lane of ['a', 'b', 'c', 'd']) {
      for (let n = 1; n <= 2_500; n += 1) recent.put(job(lane, n));
    }
    recent.put(job('d', 2_501));
    expect(recent.from('a', 1, 10)).toEqual([]);
    for (const lane of ['b', 'c', 'd']) expect(recent.from(lane, 1, 10)).toHaveLength(10);
  });
});
