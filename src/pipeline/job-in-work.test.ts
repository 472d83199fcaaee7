import { describe, expect, it } from '@jest/globals';
import type { WaitingJob } from '../domain/job/job.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import { mismatch } from '../domain/sample/value-check.js';
import { JobInWork } from './job-in-work.js';

const JOB = { id: 'j', datasetId: 'd', position: 1, kind: 'PUSH', method: 'REPLACE' } as WaitingJob;

describe('a job with more refused records than the quarantine takes', () => {
  it('keeps the reasons of those that can go there, and counts them all', () => {
    const records = Array.from({ length: 1_000 }, (_, n) => ({ n }));
    const inWork = new JobInWork(JOB, records, 'QUARANTINE', 50);
    for (const index of records.keys()) {
      const fault = mismatch('WRONG_TYPE', 'n', '/n', 'TEXT', String(index), 'is not a text');
      inWork.refuseRecord(index, RecordMismatches.of(fault));
    }
    const kept = inWork.toQuarantine(1_000, 1_000_000, new Date(0));
    expect(kept.slice(0, 50).every(({ errors }) => errors.length === 1)).toBe(true);
    expect(kept.slice(500).every(({ errors }) => errors.length === 0)).toBe(true);
    expect(inWork.outcome()).toMatchObject({ counts: { failed: 1_000 }, faults: { errorCount: 1_000 } });
  });
});
