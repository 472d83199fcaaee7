import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateDatasetDocument,
  PreviewDesignDocument,
  ReadJobErrorsDocument,
  ReadTransformationsDocument,
  type TransformationInput,
  UpdateConnectionDocument,
  UpdateDesignDocument,
} from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const TOTAL: TransformationInput = {
  id: 'total',
  name: 'Total',
  output: { create: 'total' },
  step: { multiply: { operands: [{ column: 'price' }, { column: 'quantity' }] } },
};
const SHARE: TransformationInput = {
  id: 'share',
  name: 'Share',
  output: { create: 'share' },
  step: { divide: { operands: [{ column: 'total' }, { column: 'people' }] } },
};

describe('transformations', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function read(id: string) {
    const { dataset } = await sluice.query(ReadTransformationsDocument, { id });
    if (!dataset) throw new Error(`there is no dataset ${id}`);
    return dataset;
  }

  async function faultsOf(datasetId: string, transformations: TransformationInput[]): Promise<unknown> {
    const { revision: expectedRevision } = (await read(datasetId)).design;
    const { errors } = await sluice.execute(UpdateDesignDocument, {
      datasetId,
      input: { expectedRevision, transformations },
    });
    expect(errors?.[0]?.extensions?.code).toBe('INVALID_DESIGN');
    const faults = errors?.[0]?.extensions?.faults as { transformation: string; field: string; message: string }[];
    return faults.map(({ transformation, field, message }) => [transformation, field, message]);
  }

  const orders = () => sluice.dataset({ price: 1.5, quantity: 2, people: 1, note: 'x' });

  it('create columns that later steps read, for new pushes and, after a reload, for stored records', async () => {
    const id = await orders();
    await sluice.push(id, [{ price: 2, quantity: 3, people: 4, note: 'old' }]);
    await sluice.edit(id, { transformations: [TOTAL, SHARE] });
    expect((await read(id)).changes).toContainEqual({ path: '/transformations', effect: 'RELOAD', needsReload: true });
    expect(await sluice.apply(id)).toMatchObject({ kind: 'RELOAD', status: 'COMPLETE' });
    await sluice.push(id, [{ price: 1.25, quantity: null, people: 2, note: 'new' }]);
    expect((await sluice.values(id, 'price')).map(({ note, total, share }) => [note, total, share])).toEqual([
      ['new', null, null],
      ['old', 6, 1.5],
    ]);
    const { design } = await read(id);
    expect(design.columns.filter(({ origin }) => origin === 'TRANSFORMATION')).toMatchObject([
      { id: 'total', path: null, type: 'NUMERIC', transformation: 'total', enabled: true },
      { id: 'share', path: null, type: 'NUMERIC', transformation: 'share', enabled: true },
    ]);
    expect(design.transformations[0]).toMatchObject({ ...TOTAL, enabled: true, disabledReason: null });
  });

  it('treat an error as they are told: refuse the record, keep what was there, or put a value in its place', async () => {
    const treat = (id: string, more: Partial<TransformationInput>): TransformationInput => ({
      ...SHARE,
      id,
      output: { create: id },
      ...more,
    });
    const id = await orders();
    await sluice.edit(id, {
      mismatchPolicy: 'QUARANTINE',
      transformations: [
        TOTAL,
        treat('ignored', { onError: 'IGNORE' }),
        treat('replaced', { onError: 'REPLACE_VALUE', replaceWith: -1 }),
        { ...treat('kept', { onError: 'IGNORE' }), output: { update: 'price' } },
        { ...treat('rejects', {}), step: { modulo: { operands: [{ column: 'people' }, { column: 'quantity' }] } } },
      ],
    });
    await sluice.apply(id);
    const job = await sluice.push(id, [
      { price: 8, quantity: 1, people: 0, note: 'none' },
      { price: 8, quantity: 0, people: 2, note: 'refused' },
    ]);
    expect(job).toMatchObject({ status: 'COMPLETE', counts: { added: 1, failed: 1 } });
    const [row] = await sluice.values(id);
    expect(row).toMatchObject({ note: 'none', price: 8, total: 8, ignored: null, replaced: -1, rejects: 0 });
    const { job: found } = await sluice.query(ReadJobErrorsDocument, { id: job.id });
    expect(found?.errors.nodes).toEqual([
      {
        recordIndex: 1,
        column: 'rejects',
        step: 'rejects',
        code: 'TRANSFORMATION_FAILED',
        message: 'step "Share": 2 has no remainder by zero',
      },
    ]);
    expect(found?.errorSummary).toMatchObject([
      { pointer: '', code: 'TRANSFORMATION_FAILED', step: 'rejects', records: 1, firstIndexes: [1] },
    ]);
  });

  it('are disabled with the step that they depend on, and say so; enabled, they are all back', async () => {
    const id = await orders();
    await sluice.edit(id, { transformations: [{ ...TOTAL, enabled: false }, SHARE] });
    const { design } = await read(id);
    expect(design.transformations.map(({ disabledReason }) => disabledReason)).toEqual([
      'it is disabled',
      'it uses "total", which step "Total" creates: it is disabled',
    ]);
    expect(design.columns.filter(({ transformation }) => transformation).map(({ enabled }) => enabled)).toEqual([
      false,
      false,
    ]);
    expect(design.faults).toEqual([]);
    await sluice.apply(id);
    await sluice.push(id, { price: 2, quantity: 3, people: 4, note: '' });
    expect(Object.keys((await sluice.values(id))[0] ?? {})).not.toContain('total');
    await sluice.edit(id, { transformations: [TOTAL, SHARE] });
    await sluice.apply(id);
    expect((await sluice.values(id))[0]).toMatchObject({ total: 6, share: 1.5 });
  });

  it('are refused with every fault: inputs that are gone, of another type or made later, and outputs that are taken', async () => {
    const id = await orders();
    expect(await faultsOf(id, [SHARE, TOTAL])).toEqual([
      [
        'share',
        'step',
        'step "Share": operands[0] is "total": step "Total" creates it later in the list; move that step before this one',
      ],
    ]);
    const odd = (step: TransformationInput['step'], output: TransformationInput['output']) => ({
      ...TOTAL,
      id: 'odd',
      step,
      output,
    });
    const one = { column: 'price' };
    expect(await faultsOf(id, [odd({ add: { operands: [one, { column: 'note' }] } }, { create: 'x' })])).toEqual([
      ['odd', 'step', expect.stringContaining('operands[1] is "note": the column is TEXT; the step takes NUMERIC')],
    ]);
    expect(await faultsOf(id, [odd({ add: { operands: [one] } }, { update: 'note' })])).toEqual([
      ['odd', 'step', expect.stringContaining('operands has 1 entries; give 2 to 20')],
      ['odd', 'output', expect.stringContaining('the column is TEXT, but the step gives NUMERIC')],
    ]);
    expect(await faultsOf(id, [odd(TOTAL.step, { create: 'price' })])).toEqual([
      ['odd', 'output', expect.stringContaining('create is "price", but another column has that id or name')],
    ]);
  });

  it('are previewed step by step on given records, or on the sample, and nothing is stored', async () => {
    const id = await orders();
    const design = { transformations: [TOTAL, SHARE] };
    const data = [
      { price: 2, quantity: 3, people: 4, note: 'x' },
      { price: 2, quantity: 3, people: 0, note: 'x' },
      { price: 'two', quantity: 3, people: 0, note: 'x' },
    ];
    const { records } = (await sluice.query(PreviewDesignDocument, { datasetId: id, design, data })).previewDesign;
    expect(records).toMatchObject([
      {
        index: 0,
        steps: [
          { transformation: 'total', values: { price: 2, total: 6, share: null } },
          { transformation: 'share', values: { total: 6, share: 1.5 } },
        ],
        rows: [{ price: 2, quantity: 3, people: 4, note: 'x', total: 6, share: 1.5 }],
        errors: [],
      },
      {
        index: 1,
        steps: [{ transformation: 'total', values: { total: 6 } }],
        rows: [],
        errors: [{ recordIndex: 1, step: 'share', code: 'TRANSFORMATION_FAILED' }],
      },
      { index: 2, steps: [], rows: [], errors: [{ recordIndex: 2, code: 'WRONG_TYPE' }] },
    ]);
    const ofSample = (await sluice.query(PreviewDesignDocument, { datasetId: id, design })).previewDesign.records;
    expect(ofSample.map(({ rows }) => rows)).toMatchObject([[{ price: 1.5, total: 3, share: 3 }]]);
    const ofDraft = (await sluice.query(PreviewDesignDocument, { datasetId: id })).previewDesign.records;
    expect(ofDraft).toMatchObject([{ steps: [], rows: [{ price: 1.5, quantity: 2, people: 1, note: 'x' }] }]);
    expect((await read(id)).design.transformations).toEqual([]);
    expect(await sluice.values(id)).toEqual([]);
    const tooMany = await sluice.execute(PreviewDesignDocument, { datasetId: id, data: Array(101).fill(data[0]) });
    expect(tooMany.errors?.[0]).toMatchObject({
      message: expect.stringContaining('101 records'),
      extensions: { code: 'BAD_REQUEST' },
    });
  });

  it('are previewed with the first 100 records of a sample that has more than a push may have', async () => {
    const id = await sluice.dataset(Array(100_001).fill({ n: 1 }));
    const { records } = (await sluice.query(PreviewDesignDocument, { datasetId: id })).previewDesign;
    expect(records.map(({ rows }) => rows)).toEqual(Array(100).fill([{ n: 1 }]));
  });

  it('refuse to preview a record that no push may have', async () => {
    const id = await sluice.dataset({ n: 1, list: [1] });
    const preview = { datasetId: id, data: [{ n: 1, list: Array(100_000).fill(1) }] };
    expect((await sluice.execute(PreviewDesignDocument, preview)).errors?.[0]).toMatchObject({
      message: expect.stringContaining('record 0 of data has more than 100000 values'),
      extensions: { code: 'PAYLOAD_TOO_LARGE' },
    });
  });

  it('create columns that can be disabled, but not identify records', async () => {
    const id = await orders();
    await sluice.edit(id, { transformations: [TOTAL] });
    const { revision: expectedRevision } = (await read(id)).design;
    const columns = [{ id: 'total', uniqueIdentifier: true }];
    const { errors } = await sluice.execute(UpdateDesignDocument, {
      datasetId: id,
      input: { expectedRevision, columns },
    });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('only columns of the sample identify records'),
      extensions: { code: 'INVALID_DESIGN' },
    });
    const typed = await sluice.execute(UpdateDesignDocument, {
      datasetId: id,
      input: { expectedRevision, columns: [{ id: 'total', type: 'TEXT' }] },
    });
    expect(typed.errors?.[0]?.message).toContain('a transformation creates the column and decides its type');
    await sluice.edit(id, { columns: [{ id: 'total', enabled: false }] });
    await sluice.apply(id);
    expect(await sluice.push(id, { price: 2, quantity: 3, people: 4, note: '' })).toMatchObject({ status: 'COMPLETE' });
    expect(Object.keys((await sluice.values(id))[0] ?? {})).not.toContain('total');
    expect(await faultsOf(id, [TOTAL, SHARE])).toEqual([
      ['share', 'step', expect.stringContaining('"total": the column is disabled')],
    ]);
  });

  it('have a fault when a later sample brings a field with the path of a column that they create', async () => {
    const input = { name: 'orders', sample: { price: 1.5, quantity: 2, people: 1, note: 'x' } };
    const { id, connection } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    await sluice.edit(id, { transformations: [TOTAL] });
    const sample = { price: 1.5, quantity: 2, people: 1, note: 'x', total: 'y' };
    await sluice.query(UpdateConnectionDocument, { id: connection.id, input: { sample } });
    const { design } = await read(id);
    expect(design.columns.filter((column) => column.id === 'total')).toMatchObject([
      { origin: 'SAMPLE', type: 'TEXT' },
    ]);
    expect(design.faults).toMatchObject([
      {
        transformation: 'total',
        field: 'output',
        message: expect.stringContaining('another column has that id or name'),
      },
    ]);
    const corrected = { ...TOTAL, id: 'total-2', output: { create: 'order total' } };
    await sluice.edit(id, { transformations: [corrected] });
    expect((await read(id)).design.faults).toEqual([]);
  });

  it('are refused beyond 200, with a replacement of another type, and under another name for their column', async () => {
    const id = await orders();
    const many = Array.from({ length: 201 }, (_, n) => ({ ...TOTAL, id: `s${n}`, output: { create: `c ${n}` } }));
    expect(await faultsOf(id, many)).toEqual([['s0', 'step', expect.stringContaining('at most 200')]]);
    const replaced = (replaceWith: unknown) => ({ ...TOTAL, onError: 'REPLACE_VALUE' as const, replaceWith });
    expect(await faultsOf(id, [replaced('x')])).toEqual([['total', 'replaceWith', expect.stringContaining('NUMERIC')]]);
    await sluice.edit(id, { transformations: [replaced(0.1)] });
    expect((await read(id)).design).toMatchObject({ faults: [], transformations: [{ replaceWith: 0.1 }] });
    expect(await faultsOf(id, [{ ...TOTAL, output: { create: 'sum' } }])).toEqual([
      ['total', 'output', expect.stringContaining('rename the column')],
    ]);
  });
});
