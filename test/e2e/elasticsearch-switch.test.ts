import { expect, it, jest } from '@jest/globals';
import { ReadDatasetDocument, ReadRecordsDocument, RebuildDatasetDocument } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

jest.setTimeout(120_000);

const WITHOUT = { ELASTICSEARCH_URL: undefined };

async function look(sluice: Sluice, id: string) {
  const { data, errors } = await sluice.execute(ReadRecordsDocument, { id, orderBy: [{ column: 'k' }] });
  const { dataset } = await sluice.query(ReadDatasetDocument, { id });
  return { status: dataset?.status, code: errors?.[0]?.extensions?.code, rows: data?.dataset?.records.nodes };
}

async function rebuild(sluice: Sluice, datasetId: string): Promise<string> {
  const { rebuildDataset } = await sluice.query(RebuildDatasetDocument, { datasetId });
  return (await sluice.finalJob(rebuildDataset.id)).status;
}

it('a dataset moves from MongoDB to Elasticsearch and back by rebuilds, keeps its rows, and can be loaded on both', async () => {
  const mongodb = await startSluice(WITHOUT);
  const MONGODB_URL = mongodb.database.url;
  try {
    const id = await mongodb.dataset({ k: 'a', n: 1, at: '2024-05-06T07:08:09Z', list: ['x'] });
    await mongodb.edit(id, { columns: [{ id: 'k', uniqueIdentifier: true }] });
    await mongodb.apply(id);
    await mongodb.push(id, [
      { k: 'a', n: 1.5, at: '2024-05-06T07:08:09Z', list: ['x', 'y'] },
      { k: 'b', n: null, at: null, list: [] },
    ]);
    const before = await look(mongodb, id);
    expect(before).toMatchObject({ status: 'ACTIVE', rows: [{ values: { n: 1.5 } }, { values: { k: 'b' } }] });

    const elasticsearch = await startSluice({ MONGODB_URL });
    try {
      expect(await look(elasticsearch, id)).toMatchObject({ status: 'FAILED', code: 'STORE_UNAVAILABLE' });
      expect(await rebuild(elasticsearch, id)).toBe('COMPLETE');
      expect(await look(elasticsearch, id)).toEqual(before);
      const more = [{ k: 'b', n: 2, at: null, list: ['z'] }];
      expect(await elasticsearch.push(id, more)).toMatchObject({ status: 'COMPLETE', counts: { updated: 1 } });
    } finally {
      await elasticsearch.close();
    }
    const back = await startSluice({ ...WITHOUT, MONGODB_URL });
    try {
      expect(await look(back, id)).toMatchObject({ status: 'FAILED', code: 'STORE_UNAVAILABLE' });
      expect(await rebuild(back, id)).toBe('COMPLETE');
      expect(await look(back, id)).toMatchObject({
        status: 'ACTIVE',
        rows: [{ values: { k: 'a', n: 1.5, list: ['x', 'y'] } }, { values: { k: 'b', n: 2, list: ['z'] } }],
      });
    } finally {
      await back.close();
    }
  } finally {
    await mongodb.close();
  }
});
