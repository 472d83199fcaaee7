import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sluice, startSluice } from '../support/sluice.js';

const SAMPLE = { n: 1, tenant: 'a', tags: ['x'], at: '2026-01-01' };

describe('an indexed column', () => {
  let sluice: Sluice;
  let dataset: string;
  beforeAll(async () => {
    sluice = await startSluice();
    dataset = await sluice.dataset(SAMPLE);
    const records = Array.from({ length: 500 }, (_, n) => ({ ...SAMPLE, n, tenant: n === 250 ? 'rare' : `t${n % 3}` }));
    await sluice.push(dataset, records);
  });
  afterAll(() => sluice.close());

  /** The index that MongoDB uses for the rows of a tenant, and how many of them it looks at. */
  async function plan(): Promise<{ readonly index: unknown; readonly looked: unknown }> {
    const { db } = sluice.database;
    const stored = await db.collection<{ _id: string; generation: string }>('datasets').findOne({ _id: dataset });
    const rows = db.collection(stored?.generation ?? '');
    const explained = await rows
      .find({ d: { $exists: false }, c2: { $in: ['rare'] } })
      .sort({ _id: 1 })
      .limit(51)
      .explain();
    const stage = JSON.stringify(explained.queryPlanner.winningPlan);
    return { index: /"indexName":"([^"]+)"/.exec(stage)?.[1], looked: explained.executionStats.totalDocsExamined };
  }

  it('is found in MongoDB by its index, once its change is applied by a reload', async () => {
    expect((await plan()).looked).toBe(500);
    await sluice.edit(dataset, { columns: [{ id: 'tenant', indexed: true }] });
    const reload = await sluice.apply(dataset);
    expect(reload).toMatchObject({ kind: 'RELOAD', status: 'COMPLETE' });
    expect(await plan()).toEqual({ index: 'c2_1__id_1', looked: 1 });
    const found = await sluice.post('/graphql', {
      query: `{ dataset(id: "${dataset}") { records(where: {column: "tenant", op: EQ, value: "rare"}) { nodes { values } } } }`,
    });
    expect(found.body).toMatchObject({ data: { dataset: { records: { nodes: [{ values: { n: 250 } }] } } } });
  });

  it('can be of a scalar type only', async () => {
    await expect(sluice.edit(dataset, { columns: [{ id: 'tags', indexed: true }] })).rejects.toThrow(
      /indexed of column .*tags.*: it is for columns of the types TEXT, NUMERIC, BOOLEAN, DATETIME; this one is TEXT_ARRAY/,
    );
    await sluice.edit(dataset, { columns: [{ id: 'at', indexed: true }] });
  });
});
