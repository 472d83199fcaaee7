import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApplyChangesDocument,
  type ColumnPatchInput,
  CreateConnectionDocument,
  CreateDatasetDocument,
  DiscardChangesDocument,
  ReadDatasetDocument,
  ReadRecordsDocument,
  UpdateConnectionDocument,
  UpdateDesignDocument,
} from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

const SAMPLE = {
  id: 'a',
  price: '9.50',
  day: '31/12/2024',
  paid: 'yes',
  at: 1_700_000_000,
  address: { city: 'London', zip: 'N1' },
  items: [{ sku: 'x', tags: [{ t: 1 }] }],
};

describe('designs', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function read(id: string) {
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    if (!dataset) throw new Error(`there is no dataset ${id}`);
    return dataset;
  }

  it('are edited as a draft under a revision, shown as pending, and discarded', async () => {
    const datasetId = await sluice.dataset(SAMPLE);
    const rename = (expectedRevision: number) =>
      sluice.execute(UpdateDesignDocument, {
        datasetId,
        input: { expectedRevision, columns: [{ id: 'id', name: 'Customer' }] },
      });
    const { revision } = (await read(datasetId)).design;
    expect((await rename(revision)).errors).toBeUndefined();
    const stale = (await rename(revision)).errors?.[0];
    expect(stale?.extensions).toMatchObject({
      code: 'DESIGN_CONFLICT',
      expected: String(revision),
      actual: String(revision + 1),
    });
    expect(stale?.message).toContain(`revision ${revision + 1}`);
    const pending = await read(datasetId);
    expect(pending.status).toBe('PENDING_CHANGES');
    expect(pending.changes).toEqual([
      { path: '/columns/id/name', before: 'id', after: 'Customer', effect: 'AT_ONCE', needsReload: false },
    ]);
    await sluice.query(DiscardChangesDocument, { datasetId });
    const after = await read(datasetId);
    expect(after).toMatchObject({ status: 'ACTIVE', changes: [] });
    expect(after.design.columns[0]?.name).toBe('id');
    expect(after.design.revision).toBeGreaterThan(pending.design.revision);
  });

  it('go back to the sample when a draft that was never applied is discarded', async () => {
    const input = { name: 'd', sample: SAMPLE };
    const { id } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    await sluice.edit(id, { mismatchPolicy: 'QUARANTINE', columns: [{ id: 'id', enabled: false }] });
    await sluice.query(DiscardChangesDocument, { datasetId: id });
    const { status, design } = await read(id);
    expect([status, design.mismatchPolicy, design.columns[0]?.enabled]).toEqual(['DRAFT', 'FAIL', true]);
  });

  it('apply names, links, security names and display formats immediately', async () => {
    const datasetId = await sluice.dataset(SAMPLE);
    const link = { url: 'https://shop.example/c/{{id}}?q={{address.city}}', title: '{{id}}' };
    await sluice.edit(datasetId, {
      columns: [{ id: 'id', name: 'Ünïcode "name" $.{{}}', securityName: 'customer', link }],
    });
    const record = { ...SAMPLE, id: 'ä/ö', address: { city: 'a&b=c', zip: null } };
    await sluice.push(datasetId, [record, { ...SAMPLE, address: { city: null, zip: null } }]);
    expect(await sluice.apply(datasetId)).toBeNull();
    const { status, design, changes } = await read(datasetId);
    expect([status, changes, design.faults]).toEqual(['ACTIVE', [], []]);
    expect(design.columns[0]).toMatchObject({ name: 'Ünïcode "name" $.{{}}', securityName: 'customer', link });
    const { dataset } = await sluice.query(ReadRecordsDocument, { id: datasetId });
    expect(dataset?.records.nodes.map(({ links }) => links)).toEqual([
      { id: { url: 'https://shop.example/c/%C3%A4%2F%C3%B6?q=a%26b%3Dc', title: 'ä/ö' } },
      {},
    ]);
  });

  it('refuse an edit with every fault of its columns, and change nothing', async () => {
    const datasetId = await sluice.dataset(SAMPLE);
    const { revision } = (await read(datasetId)).design;
    const columns = [
      { id: 'items', uniqueIdentifier: true, securityName: 's', link: { url: 'https://x.example/{{items.sku}}' } },
      { id: 'at', type: 'DATETIME' as const },
      { id: 'day', type: 'DATETIME' as const, inputFormat: 'DD/MM' },
      { id: 'address', enabled: true },
      { id: 'id', name: ' ', link: { url: 'javascript:{{id}}' } },
    ];
    const { errors } = await sluice.execute(UpdateDesignDocument, {
      datasetId,
      input: { expectedRevision: revision, columns },
    });
    expect(errors?.[0]?.extensions?.code).toBe('INVALID_DESIGN');
    const faults = errors?.[0]?.extensions?.faults as { column: string; field: string; message: string }[];
    expect(faults.map(({ column, field }) => `${column} ${field}`).sort()).toEqual([
      'address enabled',
      'at inputFormat',
      'day inputFormat',
      'id link',
      'id name',
      'items link',
      'items link',
      'items securityName',
      'items uniqueIdentifier',
    ]);
    for (const { column, message } of faults)
      if (column === 'items') expect(message).toMatch(/transformation|array of objects/);
    expect(faults.find(({ field }) => field === 'uniqueIdentifier')?.message).toContain(
      'set undetermined: true to store it whole as JSON text',
    );
    expect((await read(datasetId)).design.revision).toBe(revision);
    const unknown = await sluice.execute(UpdateDesignDocument, {
      datasetId,
      input: { expectedRevision: revision, columns: [{ id: 'nope', name: 'x' }] },
    });
    expect(unknown.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', field: 'input.columns[0].id' });
  });

  it('refuse texts that are too long, each alone and all together', async () => {
    const fields = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`f${n}`, 'x']));
    const datasetId = await sluice.dataset(fields);
    const { revision } = (await read(datasetId)).design;
    const refusal = async (columns: ColumnPatchInput[]) => {
      const input = { expectedRevision: revision, columns };
      return (await sluice.execute(UpdateDesignDocument, { datasetId, input })).errors?.[0]?.extensions;
    };
    const name = 'x'.repeat(20_000);
    expect(await refusal([{ id: 'f0', name }])).toMatchObject({ code: 'INVALID_DESIGN', faults: [{ field: 'name' }] });
    const link = { url: `https://x.example/${'{{'.repeat(9_000)}`, title: name };
    expect(await refusal([{ id: 'f0', link }])).toMatchObject({
      code: 'INVALID_DESIGN',
      faults: [{ field: 'link' }, { field: 'link' }],
    });
    const url = `https://x.example/${'x'.repeat(1_900)}`;
    const columns = Object.keys(fields).map((id) => ({ id, link: { url } }));
    expect(await refusal(columns)).toMatchObject({ code: 'INVALID_DESIGN', expected: 'at most 3000000 bytes' });
    expect((await read(datasetId)).design.revision).toBe(revision);
    expect(await refusal(columns.slice(0, 1_000))).toBeUndefined();
  });

  it('may have contradictions between columns until they are applied; then all are reported', async () => {
    const datasetId = await sluice.dataset(SAMPLE);
    await sluice.edit(datasetId, {
      columns: [
        { id: 'id', name: 'same', securityName: 's' },
        { id: 'price', name: 'same', securityName: 's' },
        { id: 'day', link: { url: 'https://x.example/{{paid}}' } },
      ],
    });
    await sluice.edit(datasetId, { columns: [{ id: 'paid', enabled: false }] });
    const shown = (await read(datasetId)).design.faults;
    const { errors } = await sluice.execute(ApplyChangesDocument, { datasetId });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_DESIGN', faults: shown });
    expect(shown.map(({ column, field }) => `${column} ${field}`)).toEqual([
      'day link',
      'price name',
      'price securityName',
    ]);
    expect((await read(datasetId)).status).toBe('PENDING_CHANGES');
    expect((await sluice.push(datasetId, SAMPLE)).status).toBe('COMPLETE');
  });

  it('convert text, numbers and dates of pushed records, and name the place of what cannot be converted', async () => {
    const datasetId = await sluice.dataset(SAMPLE);
    await sluice.edit(datasetId, {
      columns: [
        { id: 'price', type: 'NUMERIC' },
        { id: 'day', type: 'DATETIME', inputFormat: 'DD/MM/YYYY' },
        { id: 'paid', type: 'BOOLEAN' },
        { id: 'at', type: 'DATETIME', inputFormat: 'EPOCH_SECONDS' },
        { id: 'address.city', enabled: false },
      ],
    });
    await sluice.apply(datasetId);
    const job = await sluice.push(datasetId, [SAMPLE, { ...SAMPLE, price: ' ', paid: '', day: '' }]);
    expect(job.status).toBe('COMPLETE');
    const converted = {
      id: 'a',
      price: 9.5,
      day: '2024-12-31T00:00:00.000Z',
      paid: true,
      at: '2023-11-14T22:13:20.000Z',
      'address.zip': 'N1',
    };
    expect(await sluice.values(datasetId)).toEqual([converted, { ...converted, price: null, paid: null, day: null }]);
    const bad = await sluice.push(datasetId, { ...SAMPLE, price: 'nine', day: '12/31/2024', paid: 'maybe' });
    expect(bad.status).toBe('ERROR_EXIT');
    expect(bad.errors.nodes.map(({ code, pointer, column, actual }) => [code, pointer, column, actual])).toEqual([
      ['CONVERSION_FAILED', '/price', 'price', '"nine"'],
      ['CONVERSION_FAILED', '/day', 'day', '"12/31/2024"'],
      ['CONVERSION_FAILED', '/paid', 'paid', '"maybe"'],
    ]);
    expect(bad.errors.nodes[1]?.expected).toBe('DATETIME as DD/MM/YYYY');
  });

  it('accept missing and unknown fields if their rules say so', async () => {
    const input = {
      name: 'loose',
      sample: SAMPLE,
      apply: true,
      missingFields: 'AS_NULL' as const,
      unknownFields: 'IGNORE' as const,
    };
    const { id } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    const loose = { id: 'b', address: { city: 'Paris', street: 'x' }, more: [1], items: [{ size: 1 }] };
    expect((await sluice.push(id, loose)).status).toBe('COMPLETE');
    expect(await sluice.values(id)).toMatchObject([
      { id: 'b', price: null, 'address.city': 'Paris', 'address.zip': null },
    ]);
    await sluice.edit(id, { unknownFields: 'REFUSE' });
    expect((await read(id)).changes).toMatchObject([
      { path: '/unknownFields', effect: 'NEXT_PUSH', needsReload: false },
    ]);
    expect(await sluice.apply(id)).toMatchObject({ kind: 'RELOAD', status: 'COMPLETE', counts: { read: 0, rows: 0 } });
    expect((await sluice.push(id, loose)).errors.nodes.map(({ pointer }) => pointer)).toEqual([
      '/address/street',
      '/more',
      '/items/0/size',
    ]);
    expect((await sluice.push(id, { id: 'c' })).status).toBe('COMPLETE');
    expect((await read(id)).recordCount).toBe(2);
  });

  it('show what a new sample adds, removes and retypes; pushes follow the old sample until the changes are applied', async () => {
    const { createConnection } = await sluice.query(CreateConnectionDocument, {
      input: { name: 'moving', sample: { gone: 1, n: 1, kept: 'x' } },
    });
    const input = { name: 'm', connectionId: createConnection.id, apply: true };
    const { id } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    await sluice.edit(id, { columns: [{ id: 'kept', name: 'Kept' }] });
    await sluice.push(id, { gone: 1, n: 5, kept: 'x' });
    await sluice.query(UpdateConnectionDocument, {
      id: createConnection.id,
      input: { sample: { n: 'text', kept: 'x', fresh: true } },
    });
    const { status, changes } = await read(id);
    expect(status).toBe('PENDING_CHANGES');
    expect(changes).toEqual([
      { path: '/sampleVersion', before: 1, after: 2, effect: 'NEXT_PUSH', needsReload: false },
      { path: '/columns/n/type', before: 'NUMERIC', after: 'TEXT', effect: 'RELOAD', needsReload: true },
      { path: '/columns/kept/name', before: 'kept', after: 'Kept', effect: 'AT_ONCE', needsReload: false },
      {
        path: '/columns/fresh',
        before: null,
        after: { name: 'fresh', type: 'BOOLEAN', enabled: true },
        effect: 'RELOAD',
        needsReload: true,
      },
      {
        path: '/columns/gone',
        before: { name: 'gone', type: 'NUMERIC', enabled: true },
        after: null,
        effect: 'RELOAD',
        needsReload: true,
      },
    ]);
    expect((await sluice.push(id, { gone: 2, n: 6, kept: 'y' })).status).toBe('COMPLETE');
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 2, added: 2 } });
    expect((await sluice.push(id, { n: 'seven', kept: 'z', fresh: false })).status).toBe('COMPLETE');
    expect((await sluice.push(id, { gone: 2, n: 6, kept: 'y' })).status).toBe('ERROR_EXIT');
    expect(await sluice.values(id, 'kept')).toEqual([
      { n: '5', kept: 'x', fresh: null },
      { n: '6', kept: 'y', fresh: null },
      { n: 'seven', kept: 'z', fresh: false },
    ]);
  });

  it('refuse joins and unions', async () => {
    for (const name of ['joins', 'unions']) {
      const input = { name: 'j', sample: SAMPLE, [name]: [{ datasetId: 'x' }] };
      const { errors } = await sluice.execute(CreateDatasetDocument, { input });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'JOINS_NOT_SUPPORTED', field: `input.${name}` });
    }
  });
});
