import { describe, expect, it } from '@jest/globals';
import type { GroupDocument, JobDocument } from './documents.js';
import { RecentEnds } from './recent-ends.js';

const at = new Date(0);

function group(datasetId: string, last: number): GroupDocument {
  const place = { _id: `${datasetId}:1`, datasetId, first: 1, last, bytes: 1, totalBytes: 1 };
  const loaded = [{ p: 1, c: [3, 3, 0, 0, 0, 0, 3, 3] }];
  return { ...place, runToken: 1, attempts: 1, transitions: [], committedAt: at, loaded, closedAt: at };
}

function job(datasetId: string, position: number): JobDocument {
  const of = { datasetId, position, kind: 'PUSH', method: 'REPLACE', groupId: `${datasetId}:1` } as const;
  const payload = { id: '', form: 'RECORDS', bytes: 1, parts: 0 } as const;
  const accepted = { payload, totalBytes: 1, recordCount: 3, acceptedAt: at, requestedBy: '', finalBefore: 0 };
  return { _id: `${datasetId}/${position}`, ...of, ...accepted, status: 'COMPLETE', finishedAt: at };
}

/** With a group of so many jobs in the lane `d`. */
function recentEnds(jobs: number): RecentEnds {
  const recent = new RecentEnds();
  recent.put({ group: group('d', jobs), jobs: Array.from({ length: jobs }, (_, n) => job('d', n + 1)) });
  return recent;
}

describe('recent ends', () => {
  it('have the jobs of a small group as they are read', () => {
    const recent = recentEnds(10);
    expect(recent.find('d', 'd/1')).toMatchObject({ id: 'd/1', status: 'COMPLETE', counts: { added: 3, rows: 3 } });
    expect(recent.find('d', 'd/10')?.position).toBe(10);
    expect(recent.find('d', 'd/11')).toBeNull();
    expect(recent.find('e', 'd/1')).toBeNull();
  });

  it('do not have those of larger ones', () => {
    expect(recentEnds(11).find('d', 'd/1')).toBeNull();
  });
});
