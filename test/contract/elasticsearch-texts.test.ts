import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVERYTHING, MAX_SOUGHT_NULS, type RecordFilter } from '../../src/domain/query/record-query.js';
import { type TestDatabase, testDatabase } from '../support/mongod.js';
import { StoreBench } from './record-store.bench.js';
import { row, TEXT, TEXTS } from './record-store.rows.js';

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'QUERY_REFUSED', retriable: false, message: expect.stringMatching(message) });

/** Only what Elasticsearch cannot decide exactly is refused. */
describe('texts in Elasticsearch', () => {
  let database: TestDatabase;
  let bench: StoreBench;
  beforeAll(async () => {
    database = await testDatabase();
    bench = new StoreBench(database.records);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    bench.generation = await bench.newGeneration();
  });

  it.each(['CONTAINS', 'ENDS_WITH'] as const)('are searched for as many NULs as a filter may have: %s', async (op) => {
    const nuls = '\u0000'.repeat(MAX_SOUGHT_NULS);
    const match = (text: string): RecordFilter => ({ kind: 'TEXT_MATCH', column: TEXTS, op, text });
    await bench.write([
      row('a', { c5: [`x${nuls}`] }),
      row('b', { c5: [`${'x'.repeat(9_000)}${nuls}`, nuls.slice(1)] }),
    ]);
    expect(await bench.ids(match(nuls))).toEqual(['a', 'b']);
    expect(await bench.ids(match(`x${nuls}`))).toEqual(['a', 'b']);
  });

  it('are compared as long as at most 2,000 have the same beginning', async () => {
    const long = 'x'.repeat(7_000);
    const rows = Array.from({ length: 2_000 }, (_, n) => row(`r${n}`, { c1: `${long}${9_999 - n}` }));
    await bench.write([...rows, row('first', { c1: 'a' }), row('last', { c1: 'y' })]);
    const order = [{ column: TEXT, direction: 'ASC' as const }];
    const { store, generation } = bench;
    const page = await store.readPage(generation, { filter: EVERYTHING, order, limit: 3 });
    expect(page.rows.map(({ id }) => id)).toEqual(['first', 'r1999', 'r1998']);
    const after = page.end ?? undefined;
    const query = { filter: EVERYTHING, order, limit: 2, ...(after && { after }) };
    expect((await store.readPage(generation, query)).rows.map(({ id }) => id)).toEqual(['r1997', 'r1996']);
    const greater: RecordFilter = { kind: 'COMPARE', column: TEXT, op: 'GT', value: `${long}8` };
    expect(await bench.count(greater)).toBe(2_001);
    await bench.write([row('more', { c1: `${long}x` })]);
    await expect(store.readPage(generation, { filter: EVERYTHING, order, limit: 3 })).rejects.toEqual(
      refused(/more than 2000 rows, or 64 MB of them, have texts with the same first 7,000 characters/),
    );
    await expect(bench.count(greater)).rejects.toEqual(refused(/more than 2000 texts of a column have the same first/));
    // With a narrower filter it works.
    const some: RecordFilter = { kind: 'TEXT_MATCH', column: TEXT, op: 'ENDS_WITH', text: '99' };
    const walked = await bench.walk(some, order, 3);
    expect(walked.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, n) => `r${1_900 - 100 * n}`));
  });
});
