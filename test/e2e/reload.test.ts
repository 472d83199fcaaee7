import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApplyChangesDocument,
  CreateConnectionDocument,
  CreateDatasetDocument,
  DeleteDataDocument,
  DiscardChangesDocument,
  PushDataDocument,
  ReadDatasetDocument,
  ReadRecordsDocument,
  TerminateJobDocument,
  UpdateConnectionDocument,
} from '../generated/graphql.js';
import { freeLane, holdLane } from '../support/held-lanes.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { LOADED } from '../support/statuses.js';

describe('reloads', () => {
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
  async function accepted(datasetId: string, data: unknown): Promise<string> {
    return (await sluice.query(PushDataDocument, { input: { datasetId, data } })).pushData.id;
  }

  it('apply the new design to stored records, and to jobs that wait after them', async () => {
    const id = await sluice.dataset({ n: '1', t: 'x' });
    for (let push = 0; push < 3; push += 1) {
      await sluice.push(
        id,
        Array.from({ length: 2_000 }, (_, n) => ({ n: String(2_000 * push + n), t: 'x' })),
      );
    }
    await sluice.edit(id, { columns: [{ id: 'n', type: 'NUMERIC' }] });
    await holdLane(sluice, id);
    const { reload } = (await sluice.query(ApplyChangesDocument, { datasetId: id })).applyChanges;
    const [fits, fails] = [await accepted(id, [{ n: '6000', t: 'y' }]), await accepted(id, [{ n: 'z', t: 'y' }])];
    expect((await sluice.values(id, 'n'))[0]).toEqual({ n: '0', t: 'x' });
    expect((await read(id)).status).toBe('PENDING_CHANGES');
    const again = await sluice.execute(ApplyChangesDocument, { datasetId: id });
    expect(again.errors?.[0]?.extensions?.code).toBe('RELOAD_IN_PROGRESS');
    const discarded = await sluice.execute(DiscardChangesDocument, { datasetId: id });
    expect(discarded.errors?.[0]?.extensions?.code).toBe('RELOAD_IN_PROGRESS');
    await freeLane(sluice, id);
    const job = await sluice.finalJob(reload?.id ?? '');
    expect(job).toMatchObject({
      kind: 'RELOAD',
      status: 'COMPLETE',
      counts: { read: 6_000, added: 6_000, rows: 6_000 },
    });
    expect(job.history.map(({ status }) => status)).toEqual(LOADED);
    expect([(await sluice.finalJob(fits)).status, (await sluice.finalJob(fails)).status]).toEqual([
      'COMPLETE',
      'ERROR_EXIT',
    ]);
    expect(await read(id)).toMatchObject({ status: 'ACTIVE', recordCount: 6_001, rowCount: 6_001 });
    const { dataset } = await sluice.query(ReadRecordsDocument, {
      id,
      orderBy: [{ column: 'n', direction: 'DESC' }],
      first: 3,
    });
    expect(dataset?.records.nodes.map(({ values }) => values)).toEqual([
      { n: 6000, t: 'y' },
      { n: 5999, t: 'x' },
      { n: 5998, t: 'x' },
    ]);
  });

  it('change nothing if a record does not fit, and name it', async () => {
    const id = await sluice.dataset({ n: '1' });
    await sluice.push(id, [{ n: '1' }, { n: 'one' }, { n: '3' }]);
    await sluice.edit(id, { columns: [{ id: 'n', type: 'NUMERIC' }] });
    await holdLane(sluice, id);
    const { reload } = (await sluice.query(ApplyChangesDocument, { datasetId: id })).applyChanges;
    const later = await accepted(id, [{ n: 'four' }]);
    await freeLane(sluice, id);
    const job = await sluice.finalJob(reload?.id ?? '');
    expect(job).toMatchObject({
      status: 'ERROR_EXIT',
      counts: { read: 3, failed: 3 },
      errors: { mismatchedRecords: 1 },
    });
    expect(job.errors.nodes).toMatchObject([
      { recordIndex: 1, pointer: '/n', column: 'n', code: 'CONVERSION_FAILED', actual: '"one"' },
    ]);
    expect((await sluice.finalJob(later)).status).toBe('COMPLETE');
    expect(await read(id)).toMatchObject({ status: 'PENDING_CHANGES', recordCount: 4 });
    expect(await sluice.values(id)).toEqual([{ n: '1' }, { n: 'one' }, { n: '3' }, { n: 'four' }]);
    await sluice.query(DiscardChangesDocument, { datasetId: id });
    expect((await read(id)).status).toBe('ACTIVE');
    expect((await sluice.push(id, { n: 'five' })).status).toBe('COMPLETE');
  });

  it('are refused if stored records do not have the types of a new sample, and read missing keys as null', async () => {
    const connection = { name: 'shapes', sample: { id: 1, b: 'x' } };
    const { createConnection } = await sluice.query(CreateConnectionDocument, { input: connection });
    const input = { name: 'shapes', connectionId: createConnection.id, apply: true };
    const { id } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    const follow = (sample: unknown) =>
      sluice.query(UpdateConnectionDocument, { id: createConnection.id, input: { sample } });
    await sluice.push(id, [
      { id: 1, b: null },
      { id: 2, b: 'x' },
    ]);
    await follow({ id: 1, b: { c: 1 } });
    const refused = await sluice.apply(id);
    expect(refused).toMatchObject({ status: 'ERROR_EXIT', counts: { read: 2, failed: 2 } });
    expect(refused?.errors.nodes).toMatchObject([
      { recordIndex: 1, pointer: '/b', column: 'b', code: 'CONVERSION_FAILED', expected: 'OBJECT', actual: '"x"' },
    ]);
    expect(await sluice.values(id, 'id')).toEqual([
      { id: 1, b: null },
      { id: 2, b: 'x' },
    ]);
    const where = { column: 'id', op: 'EQ' as const, value: 2 };
    await sluice.query(DeleteDataDocument, { input: { datasetId: id, where, waitSeconds: 60 } });
    await follow({ id: 1, b: { c: 1 }, d: { e: 1 } });
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE', counts: { added: 1 } });
    expect(await sluice.values(id)).toEqual([{ id: 1, 'b.c': null, 'd.e': null }]);
  });

  it('show values that were in an array of objects and are in an object by a new sample', async () => {
    const connection = { name: 'arrays', sample: { a: [{ b: 'x' }], id: 1 } };
    const { createConnection } = await sluice.query(CreateConnectionDocument, { input: connection });
    const input = { name: 'arrays', connectionId: createConnection.id, apply: true };
    const { id } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    const follow = (sample: unknown) =>
      sluice.query(UpdateConnectionDocument, { id: createConnection.id, input: { sample } });
    await follow({ a: { b: 'x' }, id: 1 });
    expect((await read(id)).changes).toContainEqual(
      expect.objectContaining({ path: '/columns/a.b/enabled', before: false, after: true, effect: 'RELOAD' }),
    );
    await sluice.edit(id, { columns: [{ id: 'a.b', uniqueIdentifier: true }] });
    await sluice.apply(id);
    await sluice.push(id, { a: { b: 'VALUE' }, id: 1 });
    expect(await sluice.values(id)).toEqual([{ 'a.b': 'VALUE', id: 1 }]);
    await follow({ a: [{ b: 'x' }], id: 1 });
    expect((await read(id)).changes.map(({ path, after }) => [path, after])).toEqual([
      ['/sampleVersion', 3],
      ['/columns/a/type', 'OBJECT_ARRAY'],
      ['/columns/a.b/enabled', false],
      ['/columns/a.b/uniqueIdentifier', false],
    ]);
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE' });
    expect(await sluice.values(id)).toEqual([{ id: 1 }]);
  });

  it('keep cursors of the old rows working', async () => {
    const id = await sluice.dataset({ n: '1' });
    await sluice.push(
      id,
      ['1', '2', '3'].map((n) => ({ n })),
    );
    const page = (await sluice.query(ReadRecordsDocument, { id, first: 2 })).dataset?.records;
    await sluice.edit(id, { columns: [{ id: 'n', type: 'NUMERIC' }] });
    await sluice.apply(id);
    const rest = await sluice.query(ReadRecordsDocument, { id, first: 2, after: page?.pageInfo.endCursor });
    expect(rest.dataset?.records.nodes.map(({ values }) => values)).toEqual([{ n: '3' }]);
    const generations = sluice.database.db.collection('generations');
    await generations.deleteOne({ datasetId: id, state: 'RETIRED' });
    const gone = await sluice.execute(ReadRecordsDocument, { id, first: 2, after: page?.pageInfo.endCursor });
    expect(gone.errors?.[0]?.extensions?.code).toBe('CURSOR_EXPIRED');
  });

  it('give records a new identity: the record that was written last stays, and later pushes find it', async () => {
    const id = await sluice.dataset({ k: 'a', v: 1 });
    await sluice.push(id, [
      { k: 'a', v: 1 },
      { k: 'b', v: 2 },
      { k: 'a', v: 3 },
    ]);
    await sluice.push(id, [
      { k: 'b', v: 4 },
      { k: 'c', v: 5 },
    ]);
    await sluice.query(DeleteDataDocument, {
      input: { datasetId: id, where: { column: 'v', op: 'EQ', value: 5 }, waitSeconds: 60 },
    });
    await sluice.edit(id, { columns: [{ id: 'k', uniqueIdentifier: true }] });
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 4, added: 2, updated: 2 } });
    expect(await sluice.values(id, 'k')).toEqual([
      { k: 'a', v: 3 },
      { k: 'b', v: 4 },
    ]);
    const input = { datasetId: id, data: [{ k: 'a' }, { k: 'b', v: 9 }], documentUpdateMethod: 'UPSERT' as const };
    await sluice.finalJob((await sluice.query(PushDataDocument, { input })).pushData.id);
    expect(await sluice.values(id, 'k')).toEqual([
      { k: 'a', v: 3 },
      { k: 'b', v: 9 },
    ]);
    expect(await read(id)).toMatchObject({ recordCount: 2, rowCount: 2 });

    await sluice.edit(id, { columns: [{ id: 'k', uniqueIdentifier: false }] });
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 2, added: 2 } });
    await sluice.push(id, { k: 'a', v: 10 });
    await sluice.edit(id, { columns: [{ id: 'v', type: 'TEXT' }] });
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 3, added: 3 } });
    expect((await sluice.values(id, 'v')).map(({ k, v }) => `${k}${v}`)).toEqual(['a10', 'a3', 'b9']);
  });

  it('refuse an identifier if a stored record has no value for it', async () => {
    const id = await sluice.dataset({ k: 'a' });
    await sluice.push(id, [{ k: 'a' }, { k: null }]);
    await sluice.edit(id, { columns: [{ id: 'k', uniqueIdentifier: true }] });
    const job = await sluice.apply(id);
    expect(job?.errors.nodes).toMatchObject([{ recordIndex: 1, code: 'IDENTIFIER_MISSING', pointer: '/k' }]);
  });

  it('can be terminated while they wait', async () => {
    const id = await sluice.dataset({ n: '1' });
    await sluice.push(id, { n: '1' });
    await sluice.edit(id, { columns: [{ id: 'n', type: 'NUMERIC' }] });
    await holdLane(sluice, id);
    const { reload } = (await sluice.query(ApplyChangesDocument, { datasetId: id })).applyChanges;
    await sluice.query(TerminateJobDocument, { id: reload?.id ?? '' });
    await freeLane(sluice, id);
    expect((await sluice.push(id, { n: 'two' })).status).toBe('COMPLETE');
    expect(await sluice.values(id)).toEqual([{ n: '1' }, { n: 'two' }]);
    expect((await read(id)).status).toBe('PENDING_CHANGES');
  });
});
