import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '../../src/domain/query/record-query.js';
import {
  DeleteAllDataDocument,
  DeleteDataDocument,
  PushDataDocument,
  ReadDatasetDocument,
  RebuildDatasetDocument,
  type TransformationInput,
} from '../generated/graphql.js';
import { type FinalJob, type Sluice, startSluice } from '../support/sluice.js';

const SAMPLE = { id: 'a', state: 'open', items: [{ sku: 'x', n: 1 }] };
const order = (id: string, skus: readonly string[], state = 'open') => ({
  id,
  state,
  items: skus.map((sku, n) => ({ sku, n })),
});

const flatten = (keepEmpty: boolean): TransformationInput => ({
  id: 'flatten',
  name: 'Flatten',
  step: { flatten: { column: 'items', keepEmpty } },
});
const REMOVE_CLOSED: TransformationInput = {
  id: 'remove',
  name: 'Remove',
  step: { removeRecord: { where: { column: 'state', op: 'EQ', value: 'closed' } } },
};
const STEPS = [flatten(false), REMOVE_CLOSED];
const BOUNDS = { maxRows: 10_000, maxBytes: 100_000_000 };
const NONE = { added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0, rows: 0 };

describe('records that give several rows, or none', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function orders({ known = true, steps = STEPS } = {}): Promise<string> {
    const id = await sluice.dataset(SAMPLE);
    await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: known }], transformations: steps });
    await sluice.apply(id);
    return id;
  }

  async function push(datasetId: string, data: unknown, documentUpdateMethod: 'UPSERT' | 'REPLACE' = 'REPLACE') {
    const input = { datasetId, data, documentUpdateMethod };
    return counted(await sluice.finalJob((await sluice.query(PushDataDocument, { input })).pushData.id));
  }

  async function remove(input: { datasetId: string; data?: unknown; where?: object }) {
    return counted(await sluice.finalJob((await sluice.query(DeleteDataDocument, { input })).deleteData.id));
  }

  function counted({ status, counts }: FinalJob) {
    const { read, added, updated, unchanged, deleted, failed, rows } = counts;
    expect(status).toBe('COMPLETE');
    expect(read).toBe(added + updated + unchanged + deleted + failed);
    return { read, added, updated, unchanged, deleted, failed, rows };
  }

  async function reloaded(id: string, transformations: TransformationInput[]) {
    await sluice.edit(id, { transformations });
    const job = await sluice.apply(id);
    expect(job?.kind).toBe('RELOAD');
    return job && counted(job);
  }

  /** The rows as id and sku, in their order; the dataset counts them, and the same are rebuilt from the push log, with the same hidden records. */
  async function rowsOf(id: string): Promise<string[]> {
    const before = await stored(id);
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    const recordCount = new Set(before.rows.map(({ recordId }) => recordId)).size;
    expect(dataset).toMatchObject({ recordCount, rowCount: before.rows.length });
    const rebuilt = await sluice.query(RebuildDatasetDocument, { datasetId: id });
    expect(counted(await sluice.finalJob(rebuilt.rebuildDataset.id))).toMatchObject({ read: recordCount });
    expect(await stored(id)).toEqual(before);
    const values = await sluice.values(id);
    return values.map(({ id: key, 'items.sku': sku }) => `${key} ${sku}`).sort();
  }

  async function stored(id: string) {
    const found = await sluice.database.db
      .collection<{ _id: string; generation: string }>('datasets')
      .findOne({ _id: id });
    const generation = found?.generation ?? '';
    const { records } = sluice.database;
    return {
      rows: await records.scan(generation, EVERYTHING, '', BOUNDS),
      hidden: await records.scanHidden(generation, '', BOUNDS),
    };
  }

  it.each([true, false])('are pushed, counted and rebuilt; with identifiers: %s', async (known) => {
    const id = await orders({ known });
    const skus = Array.from({ length: 12 }, (_, n) => `s${n}`);
    const job = await push(id, [order('1', skus), order('2', []), order('3', ['a'], 'closed'), order('4', ['b'])]);
    expect(job).toEqual({ ...NONE, read: 4, added: 2, unchanged: 2, rows: 13 });
    expect(await rowsOf(id)).toEqual([...skus.map((sku) => `1 ${sku}`).sort(), '4 b']);
    const { rows, hidden } = await stored(id);
    const ofFirst = rows.filter(({ rowCount }) => rowCount === 12);
    expect(ofFirst.map(({ ordinal }) => ordinal)).toEqual(skus.map((_, n) => n));
    expect(hidden).toHaveLength(2);
  });

  it('lose the rows that a rewrite no longer gives, and gain new ones', async () => {
    const id = await orders();
    await push(id, [order('1', ['a', 'b', 'c', 'd']), order('2', ['a'])]);
    expect(await push(id, [order('1', ['e', 'f']), order('2', ['g', 'h', 'i'])])).toEqual({
      ...NONE,
      read: 2,
      updated: 2,
      rows: 5,
    });
    expect(await rowsOf(id)).toEqual(['1 e', '1 f', '2 g', '2 h', '2 i']);
    expect(await push(id, [order('1', ['j', 'k', 'l', 'm', 'n'])])).toMatchObject({ updated: 1, rows: 5 });
    expect(await rowsOf(id)).toEqual(['1 j', '1 k', '1 l', '1 m', '1 n', '2 g', '2 h', '2 i']);
  });

  it('are merged by upserts as whole records, also while they are hidden', async () => {
    const id = await orders();
    await push(id, [order('1', ['a', 'b'])]);
    expect(await push(id, [{ id: '1', items: [{ sku: 'c', n: 1 }] }], 'UPSERT')).toEqual({
      ...NONE,
      read: 1,
      updated: 1,
      rows: 1,
    });
    expect(await push(id, [{ id: '1', state: 'closed' }], 'UPSERT')).toEqual({ ...NONE, read: 1, deleted: 1 });
    expect(await rowsOf(id)).toEqual([]);
    expect(
      await push(
        id,
        [
          {
            id: '1',
            items: [
              { sku: 'd', n: 1 },
              { sku: 'e', n: 1 },
            ],
          },
        ],
        'UPSERT',
      ),
    ).toEqual({ ...NONE, read: 1, unchanged: 1 });
    expect(await push(id, [{ id: '1', state: 'open' }], 'UPSERT')).toEqual({ ...NONE, read: 1, added: 1, rows: 2 });
    expect(await rowsOf(id)).toEqual(['1 d', '1 e']);
    // A record that never had rows.
    expect(await push(id, [order('2', ['x'], 'closed')])).toEqual({ ...NONE, read: 1, unchanged: 1 });
    expect(await push(id, [{ id: '2', state: 'open' }], 'UPSERT')).toEqual({ ...NONE, read: 1, added: 1, rows: 1 });
    expect(await rowsOf(id)).toEqual(['1 d', '1 e', '2 x']);
  });

  it('count one by one in a push that hides them and brings them back', async () => {
    const id = await orders();
    const job = await push(id, [
      order('1', ['a', 'b']),
      order('1', []),
      order('1', ['c'], 'closed'),
      order('1', ['c', 'd', 'e']),
      order('1', ['f']),
    ]);
    expect(job).toEqual({ ...NONE, read: 5, added: 2, deleted: 1, unchanged: 1, updated: 1, rows: 6 });
    expect(await rowsOf(id)).toEqual(['1 f']);
  });

  it('are deleted with all rows; the delete of a hidden one counts as unchanged, and it does not come back', async () => {
    const id = await orders();
    await push(id, [order('1', ['a', 'b', 'c']), order('2', ['a'], 'closed'), order('3', ['a', 'b'])]);
    const data = [{ id: '1' }, { id: '2' }, { id: '9' }];
    expect(await remove({ datasetId: id, data })).toEqual({ ...NONE, read: 3, deleted: 1, unchanged: 2 });
    expect(await rowsOf(id)).toEqual(['3 a', '3 b']);
    expect((await stored(id)).hidden).toEqual([]);
    expect(await push(id, [{ id: '2', state: 'open' }], 'UPSERT')).toEqual({ ...NONE, read: 1, unchanged: 1 });
    expect(await reloaded(id, [flatten(true)])).toEqual({ ...NONE, read: 2, added: 2, rows: 3 });
    expect(await rowsOf(id)).toEqual(['2 null', '3 a', '3 b']);
  });

  it('are deleted whole by a filter that matches some of their rows', async () => {
    const id = await orders();
    const skus = Array.from({ length: 12 }, (_, n) => `s${n}`);
    await push(id, [order('1', skus), order('2', ['s1']), order('3', ['a', 'b'])]);
    const where = { column: 'items.sku', op: 'IN', values: ['s1', 's10', 's11'] };
    expect(await remove({ datasetId: id, where })).toEqual({ ...NONE, read: 2, deleted: 2 });
    expect(await rowsOf(id)).toEqual(['3 a', '3 b']);
  });

  it.each([true, false])('are hidden and brought back by new designs; with identifiers: %s', async (known) => {
    const id = await orders({ known });
    await push(id, [order('1', ['a', 'b', 'c']), order('2', []), order('3', ['d'], 'closed')]);
    expect(await reloaded(id, [flatten(true)])).toEqual({ ...NONE, read: 3, added: 3, rows: 5 });
    expect(await rowsOf(id)).toEqual(['1 a', '1 b', '1 c', '2 null', '3 d']);
    expect(await reloaded(id, [])).toEqual({ ...NONE, read: 3, added: 3, rows: 3 });
    expect(await reloaded(id, STEPS)).toEqual({ ...NONE, read: 3, added: 1, unchanged: 2, rows: 3 });
    expect(await rowsOf(id)).toEqual(['1 a', '1 b', '1 c']);
    await push(id, [order('4', ['x'])]);
    expect(await rowsOf(id)).toEqual(['1 a', '1 b', '1 c', '4 x']);
  });

  it('become the same as others under another identifier, and the last one counts, hidden or not', async () => {
    const id = await orders({ known: false });
    await push(id, [
      order('1', ['a', 'b']),
      order('1', [], 'open'),
      order('2', []),
      order('2', ['c', 'd', 'e']),
      order('3', ['f']),
    ]);
    await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }] });
    const job = await sluice.apply(id);
    expect(job && counted(job)).toEqual({ ...NONE, read: 5, added: 2, updated: 2, unchanged: 1, rows: 4 });
    expect(await rowsOf(id)).toEqual(['2 c', '2 d', '2 e', '3 f']);
    expect((await stored(id)).hidden).toHaveLength(1);
  });

  it('are all gone after a delete of everything, hidden ones too', async () => {
    const id = await orders();
    await push(id, [order('1', ['a', 'b']), order('2', [])]);
    const input = { datasetId: id };
    const { deleteAllData } = await sluice.query(DeleteAllDataDocument, { input });
    expect(counted(await sluice.finalJob(deleteAllData.id))).toEqual({ ...NONE, read: 1, deleted: 1 });
    expect(await stored(id)).toEqual({ rows: [], hidden: [] });
    expect(await reloaded(id, [])).toEqual({ ...NONE, read: 0 });
  });
});
