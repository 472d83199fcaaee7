import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../../test/support/mongod.js';
import type { RecordFilter } from '../../domain/query/record-query.js';
import { mongoRecordStore } from './mongo-record-store.js';

const COLUMN = { storedKey: 'c1', type: 'TEXT' } as const;
const NOWHERE: RecordFilter = { kind: 'TEXT_MATCH', column: COLUMN, op: 'CONTAINS', text: 'y' };
const ROWS = 20_000;

describe('a query of rows in MongoDB', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
    const store = mongoRecordStore(database.db);
    await store.createGeneration('rows_g', [COLUMN]);
    const rows = Array.from({ length: ROWS }, (_, n) => {
      const ids = { id: `r${n}-0`, recordId: `r${n}` };
      return { ...ids, ordinal: 0, rowCount: 1, version: 1, savedAt: new Date(0), values: { c1: 'x'.repeat(100) } };
    });
    await store.writeRows('rows_g', rows, () => undefined);
  });
  afterAll(() => database.close());

  it('is refused, with what to do, when it takes longer than it may', async () => {
    const store = mongoRecordStore(database.db, 1);
    const order = [{ column: COLUMN, direction: 'ASC' as const }];
    const queries = [
      store.count('rows_g', NOWHERE),
      store.readPage('rows_g', { filter: NOWHERE, order: [], limit: 10 }),
      store.readPage('rows_g', { filter: NOWHERE, order, limit: 10 }),
    ];
    for (const query of queries) {
      await expect(query).rejects.toMatchObject({
        code: 'QUERY_REFUSED',
        message: expect.stringContaining('narrow it with a filter by an indexed column'),
      });
    }
    expect(await mongoRecordStore(database.db).count('rows_g', NOWHERE)).toBe(0);
  });
});
