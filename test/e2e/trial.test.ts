import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApplyChangesDocument,
  DeleteDataDocument,
  ReadTrialDocument,
  RebuildDatasetDocument,
  ReplayQuarantineDocument,
  TerminateJobDocument,
  TryChangesDocument,
} from '../generated/graphql.js';
import { freeLane, holdLane } from '../support/held-lanes.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { LOADED } from '../support/statuses.js';

let sluice: Sluice;
beforeAll(async () => {
  sluice = await startSluice();
});
afterAll(() => sluice.close());

async function tried(datasetId: string) {
  return (await sluice.query(TryChangesDocument, { datasetId, waitSeconds: 60 })).tryChanges;
}

async function trialOf(id: string) {
  return (await sluice.query(ReadTrialDocument, { id })).dataset?.trial ?? null;
}

describe('a trial of a draft', () => {
  it('counts the records that would not fit, names them, and changes nothing', async () => {
    const id = await sluice.dataset({ n: '1' });
    await sluice.push(id, [{ n: '1' }, { n: 'one' }, { n: '3' }, { n: 'four' }]);
    await sluice.edit(id, { columns: [{ id: 'n', type: 'NUMERIC' }] });
    const job = await tried(id);
    expect(job).toMatchObject({
      kind: 'TRIAL',
      status: 'COMPLETE',
      counts: { read: 4, failed: 2, updated: 0, unchanged: 2, added: 0, deleted: 0, rows: 0 },
    });
    expect(job.history.map(({ status }) => status)).toEqual(LOADED);
    expect(job.errors.nodes).toMatchObject([
      { recordIndex: 1, pointer: '/n', code: 'CONVERSION_FAILED', actual: '"one"' },
      { recordIndex: 3, pointer: '/n', code: 'CONVERSION_FAILED', actual: '"four"' },
    ]);
    expect(await sluice.values(id)).toEqual([{ n: '1' }, { n: 'one' }, { n: '3' }, { n: 'four' }]);
    const { dataset } = await sluice.query(ReadTrialDocument, { id });
    expect(dataset).toMatchObject({ status: 'PENDING_CHANGES', trial: { id: job.id } });
  });

  it('counts the records that would become the same under other identifiers, over many pages', async () => {
    const id = await sluice.dataset({ k: 'a', n: 1 });
    const records = Array.from({ length: 5_000 }, (_, n) => ({ k: n % 2 === 0 ? null : `k${n % 1_000}`, n }));
    await sluice.push(id, records);
    await sluice.edit(id, { columns: [{ id: 'k', uniqueIdentifier: true }] });
    const job = await tried(id);
    expect(job.counts).toMatchObject({ read: 5_000, failed: 2_500, updated: 2_000, unchanged: 500 });
    expect(await sluice.values(id)).toHaveLength(1_000);
    const generations = await sluice.database.db.listCollections({ name: /^rows_/ }).toArray();
    expect(generations.filter(({ name }) => name.includes(id)).length).toBeLessThanOrEqual(1);
  });

  it('agrees with the reload that follows it', async () => {
    const id = await sluice.dataset({ k: 'a' });
    await sluice.push(id, [{ k: 'a' }, { k: 'b' }, { k: 'a' }]);
    await sluice.edit(id, { columns: [{ id: 'k', uniqueIdentifier: true }] });
    expect((await tried(id)).counts).toMatchObject({ failed: 0, updated: 1 });
    expect(await sluice.apply(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 3, added: 2, updated: 1 } });
    expect(await trialOf(id)).toMatchObject({ status: 'COMPLETE' });
  });

  it('belongs only to the draft that it tried, and is returned again while it waits', async () => {
    const id = await sluice.dataset({ n: '1' });
    await sluice.push(id, [{ n: 'x' }]);
    expect(await trialOf(id)).toBeNull();
    await sluice.edit(id, { columns: [{ id: 'n', type: 'NUMERIC' }] });
    await holdLane(sluice, id);
    const first = (await sluice.query(TryChangesDocument, { datasetId: id })).tryChanges;
    const second = (await sluice.query(TryChangesDocument, { datasetId: id })).tryChanges;
    expect(second.id).toBe(first.id);
    await sluice.edit(id, { columns: [{ id: 'n', type: 'BOOLEAN' }] });
    expect(await trialOf(id)).toBeNull();
    await sluice.query(TerminateJobDocument, { id: first.id });
    await freeLane(sluice, id);
    expect(await tried(id)).toMatchObject({ status: 'COMPLETE', counts: { read: 1, failed: 1 } });
  });

  it('reads nothing if applying would not touch stored rows, and does not affect a rebuild', async () => {
    const id = await sluice.dataset({ n: 1 });
    await sluice.push(id, [{ n: 1 }, { n: 2 }]);
    await sluice.edit(id, { columns: [{ id: 'n', name: 'other' }] });
    expect((await tried(id)).counts).toMatchObject({ read: 0, failed: 0 });
    await sluice.push(id, [{ n: 3 }]);
    const { rebuildDataset } = await sluice.query(RebuildDatasetDocument, { datasetId: id, waitSeconds: 60 });
    expect(rebuildDataset.status).toBe('COMPLETE');
    expect(await sluice.values(id, 'n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});

describe('waitSeconds', () => {
  it('returns the final job of applyChanges, and the dataset after it', async () => {
    const id = await sluice.dataset({ n: '1' });
    await sluice.push(id, [{ n: '1' }]);
    await sluice.edit(id, { columns: [{ id: 'n', type: 'NUMERIC' }] });
    const { applyChanges } = await sluice.query(ApplyChangesDocument, { datasetId: id, waitSeconds: 60 });
    expect(applyChanges).toMatchObject({ reload: { status: 'COMPLETE' }, dataset: { status: 'ACTIVE' } });
  });

  it('returns immediately from applyChanges if no reload is needed', async () => {
    const id = await sluice.dataset({ n: '1' });
    const { applyChanges } = await sluice.query(ApplyChangesDocument, { datasetId: id, waitSeconds: 60 });
    expect(applyChanges).toMatchObject({ reload: null, dataset: { status: 'ACTIVE' } });
  });

  it('returns the final job of replayQuarantine and of deleteData', async () => {
    const id = await sluice.dataset({ n: '1' });
    await sluice.edit(id, { mismatchPolicy: 'QUARANTINE' });
    await sluice.apply(id);
    await sluice.push(id, [{ n: '1' }, { n: 2 }]);
    const { replayQuarantine } = await sluice.query(ReplayQuarantineDocument, { datasetId: id, waitSeconds: 60 });
    expect(replayQuarantine.status).toBe('ERROR_EXIT');
    const where = { column: 'n', op: 'EQ' as const, value: '1' };
    const { deleteData } = await sluice.query(DeleteDataDocument, { input: { datasetId: id, where, waitSeconds: 60 } });
    expect((await sluice.job(deleteData.id)).status).toBe('COMPLETE');
  });

  it('is checked before anything is accepted', async () => {
    const id = await sluice.dataset({ n: '1' });
    const asked = { datasetId: id, waitSeconds: 61 };
    const results = [
      await sluice.execute(ApplyChangesDocument, asked),
      await sluice.execute(RebuildDatasetDocument, asked),
      await sluice.execute(ReplayQuarantineDocument, asked),
      await sluice.execute(TryChangesDocument, asked),
    ];
    for (const { errors } of results) {
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_REQUEST', field: 'waitSeconds' } });
    }
    expect(await trialOf(id)).toBeNull();
  });
});
