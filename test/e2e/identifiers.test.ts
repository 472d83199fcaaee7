import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateConnectionDocument,
  CreateDatasetDocument,
  DeleteAllDataDocument,
  DeleteDataDocument,
  type DeleteDataInput,
  PushDataDocument,
  ReadDatasetDocument,
  UpdateConnectionDocument,
} from '../generated/graphql.js';
import { type FinalJob, type Sluice, startSluice } from '../support/sluice.js';
import { LOADED } from '../support/statuses.js';

const SAMPLE = { id: 'a', region: { code: 1 }, name: 'x', address: { city: 'c', tags: ['t'] } };
const record = (id: string, more: object = {}) => ({ ...SAMPLE, id, ...more });

describe('unique identifiers', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function keyed(columns: readonly string[] = ['id'], sample: unknown = SAMPLE): Promise<string> {
    const id = await sluice.dataset(sample);
    await sluice.edit(id, { columns: columns.map((column) => ({ id: column, uniqueIdentifier: true })) });
    await sluice.apply(id);
    return id;
  }
  async function push(datasetId: string, data: unknown, documentUpdateMethod: 'UPSERT' | 'REPLACE'): Promise<FinalJob> {
    const input = { datasetId, data, documentUpdateMethod };
    return sluice.finalJob((await sluice.query(PushDataDocument, { input })).pushData.id);
  }
  async function remove(input: DeleteDataInput): Promise<FinalJob> {
    return (await sluice.query(DeleteDataDocument, { input: { ...input, waitSeconds: 60 } })).deleteData;
  }
  const counted = ({ status, counts }: FinalJob) => {
    const { read, added, updated, unchanged, deleted, failed } = counts;
    expect(read).toBe(added + updated + unchanged + deleted + failed);
    return { status, read, added, updated, unchanged, deleted, failed };
  };
  const none = { added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0 };
  const recordCount = async (id: string) => (await sluice.query(ReadDatasetDocument, { id })).dataset?.recordCount;

  it('make a push replace stored records, and count added and updated in order', async () => {
    const id = await keyed();
    const first = await push(id, [record('1'), record('2'), record('1', { name: 'again' })], 'REPLACE');
    expect(counted(first)).toEqual({ ...none, status: 'COMPLETE', read: 3, added: 2, updated: 1 });
    const second = await push(id, [record('2', { name: null, address: null }), record('3')], 'REPLACE');
    expect(counted(second)).toEqual({ ...none, status: 'COMPLETE', read: 2, added: 1, updated: 1 });
    expect((await sluice.values(id, 'id')).map(({ id: key, name, 'address.city': city }) => [key, name, city])).toEqual(
      [
        ['1', 'again', 'c'],
        ['2', null, null],
        ['3', 'x', 'c'],
      ],
    );
    expect(await recordCount(id)).toBe(3);
  });

  it('count a record that is sent again as updated, each time and with its rows, even if nothing changes', async () => {
    const id = await keyed();
    const first = await push(id, [record('1'), record('1')], 'REPLACE');
    expect(first.counts).toMatchObject({ read: 2, added: 1, updated: 1, unchanged: 0, rows: 2 });
    const again = await push(id, [record('1')], 'REPLACE');
    expect(again.counts).toMatchObject({ read: 1, added: 0, updated: 1, unchanged: 0, rows: 1 });
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    expect(dataset).toMatchObject({ recordCount: 1, rowCount: 1 });
  });

  it('make an upsert change the fields that it has, nested ones too, and insert new records with nulls', async () => {
    const id = await keyed();
    await push(id, [record('1'), record('2', { address: null })], 'REPLACE');
    const partial = [
      { id: '1', address: { city: 'Rome' } },
      { id: '2', address: { city: 'Oslo' } },
      { id: '1', name: null, address: { tags: [] } },
      { id: '9', name: 'new' },
    ];
    const job = await push(id, partial, 'UPSERT');
    expect(counted(job)).toEqual({ ...none, status: 'COMPLETE', read: 4, added: 1, updated: 3 });
    expect(job.history.map(({ status }) => status)).toEqual(LOADED);
    expect(await sluice.values(id, 'id')).toEqual([
      { id: '1', 'region.code': 1, name: null, 'address.city': 'Rome', 'address.tags': [] },
      { id: '2', 'region.code': 1, name: 'x', 'address.city': 'Oslo', 'address.tags': null },
      { id: '9', 'region.code': null, name: 'new', 'address.city': null, 'address.tags': null },
    ]);
    const unknown = await push(id, [{ id: '1', nam: 'x' }, { name: 'who' }, { id: null }], 'UPSERT');
    expect(unknown.status).toBe('ERROR_EXIT');
    expect(unknown.errors.nodes.map((one) => [one.recordIndex, one.code, one.pointer, one.actual])).toEqual([
      [0, 'UNKNOWN_KEY', '/nam', '"x"'],
      [1, 'IDENTIFIER_MISSING', '/id', 'missing'],
      [2, 'IDENTIFIER_MISSING', '/id', 'null'],
    ]);
  });

  it('may be composite, nested or long, and may differ only in type, case or length', async () => {
    const sample = { key: 'k', address: { zip: '1' }, v: 1 };
    const id = await keyed(['key', 'address.zip'], sample);
    const keys: [unknown, string][] = [
      ['a', 'b'],
      ['A', 'b'],
      ['ab', ''],
      ['', 'ab'],
      ['a:1', 'b'],
      ['x'.repeat(100_000), 'y'],
      [`${'x'.repeat(99_999)}z`, 'y'],
    ];
    const records = keys.map(([key, zip], v) => ({ key, address: { zip }, v }));
    expect(counted(await push(id, records, 'REPLACE'))).toMatchObject({ added: keys.length });
    expect(counted(await push(id, records, 'UPSERT'))).toMatchObject({ added: 0, updated: keys.length });
    expect((await sluice.values(id, 'v')).map(({ v }) => v)).toEqual(keys.map((_, v) => v));
  });

  it('name what was sent if a value is missing', async () => {
    const id = await sluice.dataset({ id: '1', a: { n: '1' } });
    await sluice.edit(id, {
      columns: [
        { id: 'id', uniqueIdentifier: true, type: 'NUMERIC' },
        { id: 'a.n', uniqueIdentifier: true },
      ],
    });
    await sluice.apply(id);
    const job = await push(
      id,
      [
        { id: ' ', a: { n: '1' } },
        { id: '1', a: null },
        { id: '1', a: { n: null } },
      ],
      'REPLACE',
    );
    expect(job.errors.nodes.map(({ code, pointer, actual, message }) => [code, pointer, actual, message])).toEqual([
      [
        'IDENTIFIER_MISSING',
        '/id',
        '" "',
        '/id: " " is not a value of type NUMERIC; every record needs a value of every unique identifier',
      ],
      [
        'IDENTIFIER_MISSING',
        '/a/n',
        'missing',
        '/a/n: missing key of a unique identifier; every record needs a value of every unique identifier',
      ],
      [
        'IDENTIFIER_MISSING',
        '/a/n',
        'null',
        '/a/n: null is not a value of type TEXT; every record needs a value of every unique identifier',
      ],
    ]);
  });

  it('identify the same records when a new sample has its keys in another order', async () => {
    const { createConnection: connection } = await sluice.query(CreateConnectionDocument, {
      input: { name: 'c', sample: { key: 'k', zip: 'z', v: 1 } },
    });
    const dataset = { name: 'd', connectionId: connection.id };
    const { id } = (await sluice.query(CreateDatasetDocument, { input: dataset })).createDataset;
    await sluice.edit(id, { columns: ['key', 'zip'].map((column) => ({ id: column, uniqueIdentifier: true })) });
    await sluice.apply(id);
    await push(
      id,
      ['1', '2'].map((key) => ({ key, zip: 'z', v: 1 })),
      'REPLACE',
    );
    const sample = { v: 1, zip: 'z', key: 'k' };
    await sluice.query(UpdateConnectionDocument, { id: connection.id, input: { sample } });
    await sluice.apply(id);
    const upserted = await push(id, [{ key: '1', zip: 'z', v: 2 }], 'UPSERT');
    expect(counted(upserted)).toEqual({ ...none, status: 'COMPLETE', read: 1, updated: 1 });
    const removed = await remove({ datasetId: id, data: [{ key: '2', zip: 'z' }] });
    expect(counted(removed)).toEqual({ ...none, status: 'COMPLETE', read: 1, deleted: 1 });
    expect(await sluice.values(id)).toEqual([{ key: '1', zip: 'z', v: 2 }]);
  });

  it('are needed for upserts and deletes by data, which fail with specific codes', async () => {
    const id = await sluice.dataset(SAMPLE);
    const refused = async (path: string, body: object) => {
      const answer = await sluice.post(path, { datasetId: id, ...body });
      return [answer.status, answer.body.code];
    };
    expect(await refused('/dataload/postdata', { documentUpdateMethod: 'upsert', data: [SAMPLE] })).toEqual([
      422,
      'UPSERT_NEEDS_IDENTIFIER',
    ]);
    expect(await refused('/dataload/deletedata', { data: [{ id: 'a' }] })).toEqual([422, 'IDENTIFIER_REQUIRED']);
  });

  it('find records to delete, over REST and GraphQL, and count unknown ones as unchanged', async () => {
    const id = await keyed(['id', 'region.code']);
    await push(id, [record('1'), record('2'), record('3'), record('3', { region: { code: 2 } })], 'REPLACE');
    const body = {
      datasetId: id,
      data: [
        { id: '1', region: { code: 1 } },
        { id: '1', region: { code: 1 } },
      ],
    };
    const { status, body: answer } = await sluice.post('/dataload/deletedata?wait=60', body);
    expect([status, answer.statusJob]).toMatchObject([200, { status: 'Complete' }]);
    expect(answer.jobCompletionStatistics).toMatchObject({ fillingEsStatistics: { deleted: 1, added: 0 } });
    const job = await remove({
      datasetId: id,
      data: [
        { id: '3', region: { code: 2 } },
        { id: '9', region: { code: 9 } },
      ],
    });
    expect(job.kind).toBe('DELETE');
    expect(counted(job)).toEqual({ ...none, status: 'COMPLETE', read: 2, deleted: 1, unchanged: 1 });
    expect((await sluice.values(id, 'id')).map((one) => one.id)).toEqual(['2', '3']);
    expect(await recordCount(id)).toBe(2);
    const bad = await remove({ datasetId: id, data: [{ id: '2' }, { id: '2', region: { code: 1 }, name: 'x' }] });
    expect(bad.status).toBe('ERROR_EXIT');
    expect(bad.errors.nodes.map(({ code, pointer }) => [code, pointer])).toEqual([
      ['MISSING_KEY', '/region'],
      ['UNKNOWN_KEY', '/name'],
    ]);
    expect(bad.errors.nodes[0]?.message).toBe(
      '/region: missing key; a delete names records by a value of every unique identifier, nested as in the sample',
    );
    expect(await recordCount(id)).toBe(2);
  });

  it('allow deletes and pushes of the same records in any order in the lane', async () => {
    const id = await keyed();
    const jobs: Promise<string>[] = [];
    for (let n = 0; n < 30; n += 1) {
      const path = n % 3 === 2 ? '/dataload/deletedata' : '/dataload/postdata';
      const data = n % 3 === 2 ? [{ id: '1' }] : [record('1', { name: `v${n}` })];
      const { body } = await sluice.post(path, { datasetId: id, data });
      jobs.push(Promise.resolve(body.jobId ?? ''));
    }
    const counts = [];
    for (const job of jobs) counts.push(counted(await sluice.finalJob(await job)));
    for (const [n, one] of counts.entries()) {
      expect(one).toMatchObject([{ added: 1 }, { updated: 1 }, { deleted: 1 }][n % 3] ?? {});
    }
    expect(await sluice.values(id)).toEqual([]);
    await push(id, [record('1', { name: 'risen' })], 'REPLACE');
    expect((await sluice.values(id)).map(({ name }) => name)).toEqual(['risen']);
  });

  it('are not needed to delete by filter', async () => {
    const id = await sluice.dataset({ n: 1, t: 'x' });
    await sluice.push(
      id,
      Array.from({ length: 6_000 }, (_, n) => ({ n, t: n % 2 ? 'odd' : 'even' })),
    );
    const job = await remove({ datasetId: id, where: { column: 't', op: 'EQ', value: 'odd' } });
    expect(counted(job)).toEqual({ ...none, status: 'COMPLETE', read: 3_000, deleted: 3_000 });
    expect(job.history.map(({ status }) => status)).toEqual(LOADED);
    expect(await recordCount(id)).toBe(3_000);
    const rest = await sluice.values(id, 'n');
    expect(rest.length).toBe(1_000);
    expect(rest.every(({ n }, index) => n === 2 * index)).toBe(true);
    expect(counted(await remove({ datasetId: id, where: { column: 't', op: 'EQ', value: 'odd' } }))).toMatchObject({
      read: 0,
    });
    const { errors } = await sluice.execute(DeleteDataDocument, {
      input: { datasetId: id, where: { column: 'x', op: 'IS_NULL' } },
    });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_REQUEST');
    for (const input of [{ datasetId: id }, { datasetId: id, data: [{}], where: {} }]) {
      expect((await sluice.execute(DeleteDataDocument, { input })).errors?.[0]?.extensions?.code).toBe('BAD_REQUEST');
    }
  });

  it('still work after a delete of all data, and repeated requests are recognized by their key', async () => {
    const id = await keyed();
    await push(id, [record('1'), record('2')], 'REPLACE');
    const input = { datasetId: id, idempotencyKey: 'once', waitSeconds: 60 };
    const { deleteAllData: job } = await sluice.query(DeleteAllDataDocument, { input });
    expect(counted(job)).toEqual({ ...none, status: 'COMPLETE', read: 2, deleted: 2 });
    expect(job.history.map(({ status }) => status)).toEqual(LOADED);
    expect([await sluice.values(id), await recordCount(id)]).toEqual([[], 0]);
    await push(id, [record('1', { name: 'after' })], 'UPSERT');
    expect((await sluice.query(DeleteAllDataDocument, { input })).deleteAllData.id).toBe(job.id);
    expect((await sluice.values(id)).map(({ name }) => name)).toEqual(['after']);
    const { status, body } = await sluice.post('/dataload/deletealldata', { datasetId: id });
    expect(status).toBe(202);
    expect(await sluice.finalJob(body.jobId ?? '')).toMatchObject({ kind: 'DELETE_ALL', counts: { deleted: 1 } });
  });
});
