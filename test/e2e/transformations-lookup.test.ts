import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApplyChangesDocument,
  DeleteDatasetDocument,
  PreviewDesignDocument,
  ReadDatasetDocument,
  RebuildDatasetDocument,
  ReplayQuarantineDocument,
  type TransformationInput,
  UpdateDesignDocument,
} from '../generated/graphql.js';
import { creates } from '../support/creates.js';
import { type Sluice, startSluice } from '../support/sluice.js';

type Lookup = NonNullable<TransformationInput['step']['lookup']>;

describe('lookups', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  const BY_CUSTOMER = [{ identifier: 'id', column: 'customer' }];
  const looksUp = (dataset: string, more: Partial<Lookup> = {}): TransformationInput['step'] => ({
    lookup: { dataset, by: BY_CUSTOMER, take: 'name', ...more },
  });

  async function customers(): Promise<string> {
    const id = await sluice.dataset({ id: 1, name: 'Ada', vip: true, since: '2024-01-01', tags: ['x'], secret: 'x' });
    const columns = [
      { id: 'id', uniqueIdentifier: true },
      { id: 'secret', enabled: false },
    ];
    await sluice.edit(id, { columns });
    await sluice.apply(id);
    return id;
  }

  const customer = (id: number, name: string | null) => ({
    ...{ id, name, vip: id === 1, since: '2024-02-29T12:00:00Z', tags: [`tag ${id}`], secret: '' },
  });

  async function orders(transformations: TransformationInput[]): Promise<string> {
    const id = await sluice.dataset({ order: 1, customer: 1 });
    await sluice.edit(id, { columns: [{ id: 'order', uniqueIdentifier: true }], transformations });
    await sluice.apply(id);
    return id;
  }

  const names = async (id: string) => (await sluice.values(id, 'order')).map(({ name }) => name);

  async function updateFault(datasetId: string, transformations: TransformationInput[]): Promise<string> {
    const { dataset } = await sluice.query(ReadDatasetDocument, { id: datasetId });
    const input = { transformations, expectedRevision: dataset?.design.revision ?? 0 };
    const { errors } = await sluice.execute(UpdateDesignDocument, { datasetId, input });
    return errors?.[0]?.message ?? 'none';
  }

  it('give columns of another dataset, of every type, and null where there is none', async () => {
    const other = await customers();
    await sluice.push(other, [customer(1, 'Ada'), customer(2, null)]);
    const id = await orders([
      creates('name', looksUp(other)),
      creates('vip', looksUp(other, { take: 'vip' })),
      creates('since', looksUp(other, { take: 'since' })),
      creates('tags', looksUp(other, { take: 'tags' })),
      creates('again', looksUp(other, { take: 'id' })),
    ]);
    await sluice.push(
      id,
      [1, 2, 3, null].map((one, order) => ({ order, customer: one })),
    );
    expect(await sluice.values(id, 'order')).toEqual([
      { order: 0, customer: 1, name: 'Ada', vip: true, since: '2024-02-29T12:00:00.000Z', tags: ['tag 1'], again: 1 },
      { order: 1, customer: 2, name: null, vip: false, since: '2024-02-29T12:00:00.000Z', tags: ['tag 2'], again: 2 },
      { order: 2, customer: 3, name: null, vip: null, since: null, tags: null, again: null },
      { order: 3, customer: null, name: null, vip: null, since: null, tags: null, again: null },
    ]);
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    expect(dataset?.design.columns.filter(({ origin }) => origin === 'TRANSFORMATION').map(({ type }) => type)).toEqual(
      ['TEXT', 'BOOLEAN', 'DATETIME', 'TEXT_ARRAY', 'NUMERIC'],
    );
  });

  it('keep what they found in a rebuild, and find anew in a reload', async () => {
    const other = await customers();
    await sluice.push(other, [customer(1, 'Ada')]);
    const id = await orders([creates('name', looksUp(other))]);
    await sluice.push(id, [{ order: 1, customer: 1 }]);
    await sluice.push(other, [customer(1, 'Amy')]);
    const { rebuildDataset } = await sluice.query(RebuildDatasetDocument, { datasetId: id });
    expect(await sluice.finalJob(rebuildDataset.id)).toMatchObject({ status: 'COMPLETE' });
    expect(await names(id)).toEqual(['Ada']);
    await sluice.edit(id, { transformations: [creates('name', looksUp(other, { required: true }))] });
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE' });
    expect(await names(id)).toEqual(['Amy']);
  });

  it('are errors under the treatment if a required record is missing, and a replay finds what came since', async () => {
    const other = await customers();
    const id = await orders([creates('name', looksUp(other, { required: true }))]);
    await sluice.edit(id, { mismatchPolicy: 'QUARANTINE' });
    await sluice.apply(id);
    const job = await sluice.push(id, [{ order: 1, customer: 7 }]);
    expect(job.errors.nodes).toMatchObject([
      {
        code: 'TRANSFORMATION_FAILED',
        message: expect.stringContaining('has no record with the unique identifiers "7"'),
      },
    ]);
    await sluice.push(other, [customer(7, 'Gus')]);
    const { replayQuarantine } = await sluice.query(ReplayQuarantineDocument, { datasetId: id });
    expect(await sluice.finalJob(replayQuarantine.id)).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
    expect(await names(id)).toEqual(['Gus']);
  });

  it('are shown by a preview', async () => {
    const other = await customers();
    await sluice.push(other, [customer(1, 'Ada')]);
    const id = await sluice.dataset({ order: 1, customer: 1 });
    const design = {
      transformations: [creates('name', looksUp(other)), creates('loud', { uppercase: { column: 'name' } })],
    };
    const data = [
      { order: 1, customer: 1 },
      { order: 2, customer: 2 },
      { order: 'x', customer: 1 },
    ];
    const { previewDesign } = await sluice.query(PreviewDesignDocument, { datasetId: id, design, data });
    expect(previewDesign.records.map(({ rows }) => rows)).toEqual([
      [{ order: 1, customer: 1, name: 'Ada', loud: 'ADA' }],
      [{ order: 2, customer: 2, name: null, loud: null }],
      [],
    ]);
  });

  it('cannot be saved with a dataset or column that cannot be looked up', async () => {
    const other = await customers();
    const plain = await sluice.dataset({ a: 1 });
    const id = await sluice.dataset({ order: 1, customer: 1, text: 'x' });
    const fault = (dataset: string, more: Partial<Lookup> = {}) =>
      updateFault(id, [creates('name', looksUp(dataset, more))]);
    expect(await fault(id)).toContain('which is this dataset; look up another one');
    expect(await fault('none')).toContain('dataset is "none", and there is no such dataset');
    expect(await fault(plain)).toContain('which has no unique identifier to look records up by');
    expect(await fault(other, { take: 'secret' })).toContain('take is "secret": the column is disabled in dataset');
    expect(await fault(other, { by: [{ identifier: 'id', column: 'text' }] })).toContain(
      'by[0].column is "text": the column is TEXT; the step takes NUMERIC',
    );
    expect(await fault(other, { by: [] })).toContain('by has no entry for "id"');
  });

  it('cannot be saved as a circle of datasets', async () => {
    const [a, b, c] = [await customers(), await customers(), await customers()];
    const by = [{ identifier: 'id', column: 'id' }];
    await sluice.edit(a, { transformations: [creates('from_b', looksUp(b, { by }))] });
    await sluice.edit(b, { transformations: [creates('from_c', looksUp(c, { by }))] });
    const fault = await updateFault(c, [creates('from_a', looksUp(a, { by }))]);
    expect(fault).toContain(
      `dataset is "${a}": dataset "${a}" looks up dataset "${b}", which looks up this dataset; datasets must not look each other up in a circle`,
    );
  });

  it('keep the datasets that they look up from being deleted, until the last design drops them', async () => {
    const other = await customers();
    const id = await orders([creates('name', looksUp(other))]);
    const deleted = () => sluice.execute(DeleteDatasetDocument, { id: other });
    const inUse = [{ extensions: { code: 'IN_USE' }, message: expect.stringContaining(`"test" (${id})`) }];
    expect((await deleted()).errors).toMatchObject(inUse);
    await sluice.edit(id, { transformations: [] });
    expect((await deleted()).errors).toMatchObject(inUse);
    await sluice.apply(id);
    expect((await deleted()).data).toEqual({ deleteDataset: other });
  });

  it('are errors of the step after the other dataset was changed, until the step is saved again', async () => {
    const other = await customers();
    await sluice.push(other, [customer(1, '5')]);
    const id = await orders([creates('name', looksUp(other)), creates('vip', looksUp(other, { take: 'vip' }))]);
    await sluice.edit(other, { columns: [{ id: 'name', type: 'NUMERIC' }] });
    await sluice.apply(other);
    const job = await sluice.push(id, [{ order: 1, customer: 1 }]);
    expect(job).toMatchObject({ status: 'ERROR_EXIT' });
    expect(job.errors.nodes.map(({ message }) => message)).toEqual([
      `step "name": column "name" of dataset "${other}" was TEXT and is NUMERIC now; save the transformations of this design again, and apply them`,
    ]);
    await sluice.edit(id, { missingFields: 'AS_NULL' });
    const { errors } = await sluice.execute(ApplyChangesDocument, { datasetId: id });
    expect(errors?.[0]?.message).toContain('whose columns have changed since the design was saved');
    await sluice.edit(id, {
      transformations: [creates('count', looksUp(other)), creates('vip', looksUp(other, { take: 'vip' }))],
    });
    await sluice.apply(id);
    await sluice.push(id, [{ order: 1, customer: 1 }]);
    expect(await sluice.values(id)).toMatchObject([{ count: 5, vip: true }]);
  });

  it('are errors of the step after the column was removed and made again, not nulls', async () => {
    const other = await customers();
    const loud = (id: string) => ({ ...creates('loud', { uppercase: { column: 'name' } }), id });
    await sluice.edit(other, { transformations: [loud('first')] });
    await sluice.apply(other);
    await sluice.push(other, [customer(1, 'Ada')]);
    const id = await orders([creates('name', looksUp(other, { take: 'loud' }))]);
    await sluice.edit(other, { transformations: [loud('second')] });
    await sluice.apply(other);
    const job = await sluice.push(id, [{ order: 1, customer: 1 }]);
    expect(job).toMatchObject({ status: 'ERROR_EXIT' });
    expect(job.errors.nodes.map(({ message }) => message)).toEqual([
      `step "name": column "loud" of dataset "${other}" was replaced by a new one; save the transformations of this design again, and apply them`,
    ]);
  });
});
