import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeleteDataDocument, ReadRecordsDocument, type RecordFilter } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const ASCENDING = [{ column: 'log', direction: 'ASC' as const }];
/** Longer than the part of a text that record stores index, and that a cursor contains. */
const HEAD = 'x'.repeat(7_500);

describe('texts of many thousand characters', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function logs(...tails: string[]): Promise<string> {
    const id = await sluice.dataset({ n: 1, log: 'x' });
    await sluice.push(
      id,
      tails.map((tail, n) => ({ n, log: HEAD + tail })),
    );
    return id;
  }

  async function page(id: string, query: { where?: RecordFilter; after?: string; first?: number } = {}) {
    const { dataset } = await sluice.query(ReadRecordsDocument, { id, first: 10, orderBy: ASCENDING, ...query });
    const { nodes = [], pageInfo, totalCount } = dataset?.records ?? {};
    const tails = nodes.map(({ values }) => String((values as { log: string }).log).slice(HEAD.length));
    return { tails, totalCount, after: pageInfo?.endCursor ?? '' };
  }

  async function remove(datasetId: string, where: RecordFilter) {
    return (await sluice.query(DeleteDataDocument, { input: { datasetId, where, waitSeconds: 60 } })).deleteData.counts;
  }

  it('are found and deleted by their whole content, and by nothing else', async () => {
    const id = await logs('fine', 'an ERROR', 'also fine');
    const contains = (value: string) => ({ column: 'log', op: 'CONTAINS' as const, value });
    for (const digit of '0123456789')
      expect(await page(id, { where: contains(digit) })).toMatchObject({ totalCount: 0 });
    expect(await remove(id, { not: contains('ERROR') })).toMatchObject({ deleted: 2 });
    expect((await page(id)).tails).toEqual(['an ERROR']);
    expect(await remove(id, { column: 'log', op: 'LT', value: `${HEAD}an ERROR` })).toMatchObject({ deleted: 0 });
    expect(await remove(id, { column: 'log', op: 'ENDS_WITH', value: 'RO' })).toMatchObject({ deleted: 0 });
    expect(await remove(id, { column: 'log', op: 'EQ', value: `${HEAD}an ERROR` })).toMatchObject({ deleted: 1 });
  });

  it('are paged in the order of the whole texts', async () => {
    const id = await logs('c', 'a', 'b', '', 'b');
    const walked: string[] = [];
    for (let after: string | undefined; ; ) {
      const next = await page(id, { first: 1, ...(after !== undefined && { after }) });
      if (next.tails.length === 0) break;
      expect(next.after.length).toBeLessThan(11_000);
      walked.push(...next.tails);
      after = next.after;
    }
    expect(walked).toEqual(['', 'a', 'b', 'b', 'c']);
  });

  it('end paging only if the last row is gone and its place cannot be found', async () => {
    const id = await logs('a', 'b', 'c');
    await sluice.push(id, [{ n: 9, log: 'z' }]);
    const { after } = await page(id, { first: 2 });
    await remove(id, { column: 'n', op: 'EQ', value: 1 });
    const { errors } = await sluice.execute(ReadRecordsDocument, { id, first: 1, orderBy: ASCENDING, after });
    expect(errors?.[0]?.extensions?.code).toBe('CURSOR_EXPIRED');
    await remove(id, { column: 'n', op: 'LT', value: 9 });
    const { dataset } = await sluice.query(ReadRecordsDocument, { id, first: 1, orderBy: ASCENDING, after });
    expect(dataset?.records.nodes.map(({ values }) => values)).toEqual([{ n: 9, log: 'z' }]);
  });
});
