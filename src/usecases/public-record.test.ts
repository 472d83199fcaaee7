import { describe, expect, it } from '@jest/globals';
import { WrittenJson } from '../domain/json/json-value.js';
import { PublicRecord } from './public-record.js';

const ROW = { id: 'r-0', recordId: 'r', savedAt: new Date(0), version: 1, rowCount: 1, values: {} };

describe('a record that is shown', () => {
  it('makes its values and its links only if they are read, and once', () => {
    const calls: string[] = [];
    const record = new PublicRecord(ROW as never, {
      columns: [],
      writeValues: () => {
        calls.push('JSON');
        return new WrittenJson('{}');
      },
      finishLinks: () => {
        calls.push('links');
        return {};
      },
    });
    expect([record.id, record.recordId]).toEqual(['r-0', 'r']);
    expect(calls).toEqual([]);
    expect(record.values).toBe(record.values);
    expect(record.valuesById).toBe(record.valuesById);
    expect(record.links).toBe(record.links);
    expect(calls).toEqual(['JSON', 'links']);
  });
});
