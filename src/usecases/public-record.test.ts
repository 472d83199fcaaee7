import { describe, expect, it } from '@jest/globals';
import { PublicRecord } from './public-record.js';

const ROW = { id: 'r-0', recordId: 'r', savedAt: new Date(0), version: 1, rowCount: 1, values: {} };

describe('a record that is shown', () => {
  it('makes its links only if they are read, and once', () => {
    let calls = 0;
    const record = new PublicRecord(ROW as never, [], () => {
      calls += 1;
      return {};
    });
    expect([record.id, record.recordId, { ...record.values }]).toEqual(['r-0', 'r', {}]);
    expect(calls).toBe(0);
    expect(record.links).toBe(record.links);
    expect(record.values).toBe(record.values);
    expect(calls).toBe(1);
  });
});
