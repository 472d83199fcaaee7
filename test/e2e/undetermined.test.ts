import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApplyChangesDocument,
  CreateConnectionDocument,
  CreateDatasetDocument,
  DeleteDataDocument,
  InferFieldsDocument,
  ReadDatasetDocument,
  ReadRecordsDocument,
  type RecordFilter,
  UpdateConnectionDocument,
} from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';

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

async function found(id: string, where: RecordFilter) {
  const { dataset } = await sluice.query(ReadRecordsDocument, { id, where, orderBy: [{ column: 'id' }], first: 100 });
  return dataset?.records.nodes.map(({ values }) => (values as { id: unknown }).id);
}

/** A dataset of this sample, and what gives its connection another one. */
async function followed(sample: unknown) {
  const { createConnection } = await sluice.query(CreateConnectionDocument, { input: { name: 'c', sample } });
  const input = { name: 'd', connectionId: createConnection.id, apply: true };
  const { id } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
  const follow = (next: unknown) =>
    sluice.query(UpdateConnectionDocument, { id: createConnection.id, input: { sample: next } });
  return { id, follow };
}

const PUSHED = [
  { id: 1, a: 5, o: { x: 1, y: { z: [true] } }, l: [1, 2] },
  { id: 2, a: 'five', o: {}, l: [] },
  { id: 3, a: { deep: '12' }, o: null, l: 'none' },
];

describe('fields without a value in the sample', () => {
  it('are marked, and take any value without losing a part of it', async () => {
    const sample = { id: 1, a: null, o: {}, l: [] };
    const { inferFields } = await sluice.query(InferFieldsDocument, { sample });
    expect(inferFields.map(({ path, type, undetermined }) => [path, type, undetermined])).toEqual([
      ['id', 'NUMERIC', false],
      ['a', 'TEXT', true],
      ['o', 'TEXT', true],
      ['l', 'TEXT', true],
    ]);
    const { id } = await followed(sample);
    expect((await sluice.push(id, PUSHED)).status).toBe('COMPLETE');
    expect(await sluice.values(id, 'id')).toEqual([
      { id: 1, a: '5', o: '{"x":1,"y":{"z":[true]}}', l: '[1,2]' },
      { id: 2, a: 'five', o: '{}', l: '[]' },
      { id: 3, a: '{"deep":"12"}', o: null, l: 'none' },
    ]);
    expect(await found(id, { column: 'a', op: 'EQ', value: 5 })).toEqual([1]);
    expect(await found(id, { column: 'o', op: 'CONTAINS', value: '"z":[true]' })).toEqual([1]);
    expect(await found(id, { column: 'o', op: 'IS_NULL' })).toEqual([3]);
  });

  it.each([true, false])(
    'get their columns once a later sample shows values, for what is stored too (identified: %s)',
    async (identified) => {
      const { id, follow } = await followed({ id: 1, a: null, o: {}, l: [] });
      if (identified) {
        await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }] });
        await sluice.apply(id);
      }
      await sluice.push(id, [
        { id: 1, a: 5, o: { x: 1 }, l: ['p', 'q'] },
        { id: 2, a: 6, o: null, l: [] },
      ]);
      await follow({ id: 1, a: 1, o: { x: 1 }, l: ['p'] });
      const { changes } = await read(id);
      expect(changes).toContainEqual(
        expect.objectContaining({ path: '/columns/a/undetermined', before: true, after: false }),
      );
      expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE' });
      expect(await sluice.values(id, 'id')).toEqual([
        { id: 1, a: 5, 'o.x': 1, l: ['p', 'q'] },
        { id: 2, a: 6, 'o.x': null, l: [] },
      ]);
      expect((await sluice.push(id, [{ id: 3, a: 'x', o: null, l: null }])).status).toBe('ERROR_EXIT');
    },
  );

  it('can stay undetermined if stored records do not fit a later sample', async () => {
    const { id, follow } = await followed({ id: 1, a: null, o: {} });
    await sluice.push(id, [
      { id: 1, a: 'x', o: { k: [1] } },
      { id: 2, a: 2, o: 'text' },
    ]);
    await follow({ id: 1, a: 1, o: { k: 'v' } });
    const refused = await sluice.apply(id);
    expect(refused).toMatchObject({ status: 'ERROR_EXIT', errors: { mismatchedRecords: 2 } });
    expect(refused?.errors.nodes.map(({ pointer, actual }) => [pointer, actual])).toEqual([
      ['/a', '"x"'],
      ['/o/k', '[1]'],
      ['/o', '"text"'],
    ]);
    await sluice.edit(id, {
      columns: [
        { id: 'a', undetermined: true },
        { id: 'o', undetermined: true },
      ],
    });
    await sluice.apply(id);
    expect((await read(id)).status).toBe('ACTIVE');
    expect((await sluice.push(id, [{ id: 3, a: [], o: { other: true } }])).status).toBe('COMPLETE');
    expect(await sluice.values(id, 'id')).toEqual([
      { id: 1, a: 'x', o: '{"k":[1]}' },
      { id: 2, a: '2', o: 'text' },
      { id: 3, a: '[]', o: '{"other":true}' },
    ]);
  });

  it('refuse half of a surrogate pair for a TEXT column, and do not alter it', async () => {
    const { id, follow } = await followed({ id: 1, o: null });
    const kept = [{ id: 1, o: '{"t":"\\ud800"}' }];
    await sluice.push(id, '[{"id": 1, "o": {"t": "\\ud800"}}]');
    expect(await sluice.values(id)).toEqual(kept);
    await follow({ id: 1, o: { t: 'x' } });
    const refused = await sluice.apply(id);
    expect(refused?.errors.nodes).toMatchObject([{ code: 'INVALID_TEXT', pointer: '/o/t' }]);
    expect(await sluice.values(id)).toEqual(kept);
  });

  it('are merged by upserts key by key', async () => {
    const { id } = await followed({ id: 1, o: {} });
    await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }] });
    await sluice.apply(id);
    await sluice.push(id, [{ id: 1, o: { a: 1, b: { c: 1 } } }]);
    const upsert = { datasetId: id, documentUpdateMethod: 'upsert', data: [{ id: 1, o: { b: { d: 2 } } }] };
    const { body } = await sluice.post('/dataload/postdata', upsert);
    await sluice.finalJob(body.jobId ?? '');
    expect(await sluice.values(id)).toEqual([{ id: 1, o: '{"a":1,"b":{"c":1,"d":2}}' }]);
  });
});

describe('a column of large integers', () => {
  it('accepts them as numbers and as texts, in pushes, identifiers, filters and deletes', async () => {
    const { id } = await followed('{"id": 12345678901234567890, "v": 1}');
    await sluice.edit(id, { columns: [{ id: 'id', uniqueIdentifier: true }] });
    await sluice.apply(id);
    await sluice.push(id, '[{"id": 12345678901234567891, "v": 1}, {"id": "12345678901234567892", "v": 2}]');
    await sluice.push(id, '[{"id": "12345678901234567891", "v": 3}]');
    expect(await sluice.values(id, 'id')).toEqual([
      { id: '12345678901234567891', v: 3 },
      { id: '12345678901234567892', v: 2 },
    ]);
    expect(await found(id, { column: 'id', op: 'EQ', value: '12345678901234567891' })).toEqual([
      '12345678901234567891',
    ]);
    const { body } = await sluice.post(
      '/dataload/deletedata',
      `{"datasetId": "${id}", "data": [{"id": 12345678901234567892}]}`,
    );
    expect(await sluice.finalJob(body.jobId ?? '')).toMatchObject({ counts: { deleted: 1 } });
  });
});

describe('a disabled column', () => {
  it('may be missing or have any value, and gets its values when it is enabled later', async () => {
    const { id } = await followed({ id: 1, a: 1, o: { b: 'x' } });
    await sluice.edit(id, {
      columns: [
        { id: 'a', enabled: false },
        { id: 'o.b', enabled: false },
      ],
    });
    await sluice.apply(id);
    const job = await sluice.push(id, [{ id: 1 }, { id: 2, a: 7, o: { b: 'y' } }, { id: 3, a: 8, o: null }]);
    expect(job.status).toBe('COMPLETE');
    await sluice.edit(id, { columns: [{ id: 'a', enabled: true }] });
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE' });
    await sluice.edit(id, { columns: [{ id: 'o.b', enabled: true }] });
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE' });
    expect(await sluice.values(id, 'id')).toEqual([
      { id: 1, a: null, 'o.b': null },
      { id: 2, a: 7, 'o.b': 'y' },
      { id: 3, a: 8, 'o.b': null },
    ]);
  });
});

describe('warnings', () => {
  it('say if a design has nothing to query: in the design, when it is applied, and in the instructions', async () => {
    const id = await sluice.dataset({ items: [{ sku: 'a' }] });
    const { design, pushInstructions } = await read(id);
    const expected = [
      { column: null, message: expect.stringMatching(/^No column is enabled/) },
      { column: 'items', message: expect.stringMatching(/array of objects gives no value/) },
    ];
    expect(design.warnings).toEqual(expected);
    expect(pushInstructions.notes).toContainEqual(expect.stringMatching(/^No column is enabled/));
    const { applyChanges } = await sluice.query(ApplyChangesDocument, { datasetId: id });
    expect(applyChanges.warnings).toEqual(expected);
    await sluice.edit(id, { columns: [{ id: 'items', undetermined: true }] });
    await sluice.apply(id);
    await sluice.push(id, { items: [{ sku: 'b' }] });
    expect(await sluice.values(id)).toEqual([{ items: '[{"sku":"b"}]' }]);
  });

  it('say which value to add to the sample for a column without one', async () => {
    const id = await sluice.dataset({ o: { a: null }, b: 1 });
    const { design } = await read(id);
    expect(design.warnings).toEqual([{ column: 'o.a', message: expect.stringContaining('{"o": {"a": a value}}') }]);
    const where = { column: 'o.a', op: 'EQ' as const, value: 'x' };
    await sluice.push(id, [
      { o: { a: 'x' }, b: 1 },
      { o: { a: ['x'] }, b: 2 },
    ]);
    await sluice.query(DeleteDataDocument, { input: { datasetId: id, where, waitSeconds: 60 } });
    expect(await sluice.values(id)).toEqual([{ 'o.a': '["x"]', b: 2 }]);
  });
});
