import { describe, expect, it } from '@jest/globals';
import { memoryRecordStore } from '../adapters/memory/memory-record-store.js';
import { recordIdFromLog } from '../domain/record-id.js';
import type { RecordStore } from '../ports/record-store.js';
import type { RowWrite } from '../ports/row-writes.js';
import type { GroupRun } from './group-run.js';
import { liveRecords } from './live-records.js';
import { firstOf, othersOf } from './rows-of-record.js';

const GENERATION = 'rows_d_1';

describe('the records of a generation', () => {
  it.each([1, 2, 3, 100])(
    'come in the order of their ids, hidden ones among the others, %i rows a page',
    async (maxRows) => {
      const store = memoryRecordStore();
      await store.createGeneration(GENERATION, []);
      const rowCounts = [2, 0, 0, 3, 1, 0, 1, 0, 0];
      const writes = rowCounts.flatMap((rowCount, index): RowWrite[] => {
        const rows = Array.from({ length: rowCount }, () => ({ c1: index }));
        const source = JSON.stringify({ n: index });
        const record = { recordId: recordIdFromLog(1, index), version: 1, savedAt: new Date(0), rows, source };
        return [firstOf(record), ...othersOf(record, 0)];
      });
      await store.writeRows(GENERATION, writes, () => undefined);
      const paged: Partial<RecordStore> = {
        scan: (generation, filter, after, bounds) => store.scan(generation, filter, after, { ...bounds, maxRows }),
        scanHidden: (generation, after, bounds) => store.scanHidden(generation, after, { ...bounds, maxRows }),
      };
      const run = {
        storeStep: <T>(step: (one: object) => Promise<T>) => step(paged),
        held: { lease: { datasetId: 'd' } },
        deps: { pushLog: { readLoaded: () => [] } },
      } as unknown as GroupRun;
      const found: unknown[] = [];
      for await (const page of liveRecords(run, GENERATION)) found.push(...page.map(({ record }) => record.n));
      expect(found).toEqual(rowCounts.map((_, index) => index));
    },
  );
});
