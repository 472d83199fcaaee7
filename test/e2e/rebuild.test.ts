import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '../../src/domain/query/record-query.js';
import {
  DeleteAllDataDocument,
  DeleteDataDocument,
  ListDatasetsDocument,
  PushDataDocument,
  ReadDatasetDocument,
  ReadQuarantineDocument,
  ReadRecordsDocument,
  RebuildDatasetDocument,
  ReplayQuarantineDocument,
  TerminateJobDocument,
} from '../generated/graphql.js';
import { holdLane } from '../support/held-lanes.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { LOADED } from '../support/statuses.js';
import { until } from '../support/until.js';

describe('rebuilding a dataset from the push log', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  const statusOf = async (id: string) => (await sluice.query(ReadDatasetDocument, { id })).dataset?.status;

  async function generationOf(id: string): Promise<string> {
    const dataset = await sluice.database.db
      .collection<{ _id: string; generation: string }>('datasets')
      .findOne({ _id: id });
    return dataset?.generation ?? '';
  }

  /** Everything that is stored of the rows, with versions, times and sources. */
  async function storedRows(id: string) {
    const bounds = { maxRows: 10_000, maxBytes: 100_000_000 };
    return sluice.database.records.scan(await generationOf(id), EVERYTHING, '', bounds);
  }

  /** Removes the rows behind the service's back. */
  async function lose(id: string): Promise<void> {
    await sluice.database.records.dropGeneration(await generationOf(id));
  }

  async function rebuilt(datasetId: string) {
    return sluice.finalJob((await sluice.query(RebuildDatasetDocument, { datasetId })).rebuildDataset.id);
  }

  async function remove(input: { datasetId: string; data?: unknown; where?: object }) {
    return sluice.finalJob((await sluice.query(DeleteDataDocument, { input })).deleteData.id);
  }

  async function upsert(datasetId: string, data: unknown) {
    const input = { datasetId, data, documentUpdateMethod: 'UPSERT' as const };
    return sluice.finalJob((await sluice.query(PushDataDocument, { input })).pushData.id);
  }

  /** A dataset that has seen every kind of job. */
  async function eventful(): Promise<string> {
    const id = await sluice.dataset({ k: 'a', n: '1', o: { x: 1 } });
    await sluice.edit(id, { mismatchPolicy: 'QUARANTINE' });
    await sluice.apply(id);
    await sluice.push(id, [{ k: 'gone', n: '1', o: { x: 1 } }]);
    await sluice.finalJob((await sluice.query(DeleteAllDataDocument, { input: { datasetId: id } })).deleteAllData.id);
    await sluice.push(id, [
      { k: 'a', n: '1', o: { x: 1 } },
      { k: 'a', n: '2', o: { x: 'no number' } },
      { k: 'b', n: '3', o: { x: 3 } },
      { k: 'c', n: '4', o: { x: 4 } },
      { k: 'd', n: '5', o: { x: 5 } },
    ]);
    await sluice.edit(id, {
      columns: [
        { id: 'k', uniqueIdentifier: true },
        { id: 'n', type: 'NUMERIC' },
      ],
    });
    await sluice.apply(id);
    await upsert(id, [
      { k: 'b', o: { x: 30 } },
      { k: 'new', n: '9' },
    ]);
    await remove({ datasetId: id, data: [{ k: 'c' }] });
    await remove({ datasetId: id, where: { column: 'n', op: 'EQ', value: 5 } });
    await sluice.push(id, [
      { k: 'c', n: '40', o: { x: 40 } },
      { k: 'late', n: 'no number', o: { x: 1 } },
    ]);
    await sluice.edit(id, { columns: [{ id: 'n', type: 'TEXT' }] });
    await sluice.apply(id);
    const late = (await sluice.query(ReadQuarantineDocument, { id })).dataset?.quarantine.nodes.at(-1);
    const replay = await sluice.query(ReplayQuarantineDocument, { datasetId: id, ids: [late?.id ?? ''] });
    await sluice.finalJob(replay.replayQuarantine.id);
    return id;
  }

  it('gives every row as it was before: ids, versions, times, values and sources', async () => {
    const id = await eventful();
    const before = await storedRows(id);
    expect(before.map(({ values }) => values)).toHaveLength(5);
    await lose(id);
    const job = await rebuilt(id);
    expect(job).toMatchObject({
      kind: 'REBUILD',
      status: 'COMPLETE',
      counts: { read: 5, added: 5, failed: 0, rows: 5 },
    });
    expect(job.history.map(({ status }) => status)).toEqual(LOADED);
    expect(await storedRows(id)).toEqual(before);
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    expect(dataset).toMatchObject({ status: 'ACTIVE', recordCount: 5, rowCount: 5 });
  });

  it('is suggested if rows are missing, by queries, the dataset and waiting jobs, which continue after it', async () => {
    const id = await eventful();
    const before = await sluice.values(id, 'k');
    await lose(id);
    const { errors } = await sluice.execute(ReadRecordsDocument, { id });
    expect(errors?.[0]?.extensions?.code).toBe('STORE_UNAVAILABLE');
    expect(errors?.[0]?.message).toContain('rebuildDataset');
    expect(await statusOf(id)).toBe('FAILED');
    const { datasets } = await sluice.query(ListDatasetsDocument, { status: ['FAILED'] });
    expect(datasets.nodes.map((one) => one.id)).toEqual([id]);

    const input = { datasetId: id, data: [{ k: 'b', n: '31', o: { x: 31 } }] };
    const push = (await sluice.query(PushDataDocument, { input })).pushData;
    await until('the job to say what it waits for', async () => {
      return (await sluice.job(push.id)).waitingFor?.includes('rebuildDataset');
    });
    const first = (await sluice.query(RebuildDatasetDocument, { datasetId: id })).rebuildDataset;
    const second = (await sluice.query(RebuildDatasetDocument, { datasetId: id })).rebuildDataset;
    expect(second.id).toBe(first.id);
    expect(await sluice.finalJob(push.id)).toMatchObject({
      status: 'COMPLETE',
      counts: { updated: 1 },
      waitingFor: null,
    });
    expect((await sluice.finalJob(first.id)).status).toBe('COMPLETE');
    const changed = before.map((one) => (one.k === 'b' ? { k: 'b', n: '31', 'o.x': 31 } : one));
    expect(await sluice.values(id, 'k')).toEqual(changed);
    expect(await statusOf(id)).toBe('ACTIVE');
  });

  it('is not needed if all data of the dataset is deleted', async () => {
    const id = await eventful();
    await lose(id);
    await sluice.finalJob((await sluice.query(DeleteAllDataDocument, { input: { datasetId: id } })).deleteAllData.id);
    expect(await sluice.values(id)).toEqual([]);
    expect(await statusOf(id)).toBe('ACTIVE');
    expect(await rebuilt(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 0, rows: 0 } });
  });

  it('changes nothing when it is terminated, or when the rows are complete', async () => {
    const id = await eventful();
    const before = await storedRows(id);
    expect(await rebuilt(id)).toMatchObject({ status: 'COMPLETE' });
    expect(await storedRows(id)).toEqual(before);
    await lose(id);
    await holdLane(sluice, id);
    const { id: job } = (await sluice.query(RebuildDatasetDocument, { datasetId: id })).rebuildDataset;
    await sluice.query(TerminateJobDocument, { id: job });
    expect((await sluice.finalJob(job)).status).toBe('TERMINATED_EXIT');
  });
});
