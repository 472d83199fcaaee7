import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateDatasetDocument,
  DiscardQuarantineDocument,
  ReadDatasetDocument,
  ReadQuarantineDocument,
  ReadRecordsDocument,
  ReplayQuarantineDocument,
  TerminateJobDocument,
} from '../generated/graphql.js';
import { freeLane, holdLane } from '../support/held-lanes.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { LOADED, REFUSED } from '../support/statuses.js';
import { watch } from '../support/watch.js';

describe('quarantine', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_MAX_QUARANTINE_RECORDS: '6' });
  });
  afterAll(() => sluice.close());

  async function dataset(sample: unknown = { n: 1 }): Promise<string> {
    const input = { name: 'q', sample, apply: true, mismatchPolicy: 'QUARANTINE' as const };
    return (await sluice.query(CreateDatasetDocument, { input })).createDataset.id;
  }
  async function kept(id: string, variables: { first?: number; after?: string | null } = {}) {
    const { dataset: found } = await sluice.query(ReadQuarantineDocument, { id, ...variables });
    if (!found) throw new Error('there is no such dataset');
    return found.quarantine;
  }
  const numbers = async (id: string) =>
    (await sluice.query(ReadRecordsDocument, { id })).dataset?.records.nodes.map(({ values }) => values.n);

  it('loads the records that fit, and keeps the others with every digit and the reasons', async () => {
    const id = await dataset();
    const job = await sluice.push(id, '[{"n": 1}, {"n": 12345678901234567890}, {"n": 2}, {"m": true}]');
    expect(job).toMatchObject({ status: 'COMPLETE', quarantined: 2, quarantineCut: 0 });
    expect(job.counts).toEqual({
      read: 4,
      added: 2,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      failed: 2,
      rows: 2,
      unplaced: 0,
    });
    expect(job.errors).toMatchObject({ totalCount: 3, mismatchedRecords: 2 });
    expect(job.history.map(({ status }) => status)).toEqual(LOADED);
    expect(await numbers(id)).toEqual([1, 2]);
    expect((await sluice.query(ReadDatasetDocument, { id })).dataset?.recordCount).toBe(2);
    const { nodes, totalCount } = await kept(id);
    expect(totalCount).toBe(2);
    expect(
      nodes.map(({ jobId, recordIndex, errors }) => [
        jobId,
        recordIndex,
        errors.map(({ pointer, code }) => `${code} ${pointer}`),
      ]),
    ).toEqual([
      [job.id, 1, ['NUMBER_OUT_OF_RANGE /n']],
      [job.id, 3, ['MISSING_KEY /n', 'UNKNOWN_KEY /m']],
    ]);
    const raw = await sluice.database.db
      .collection('quarantine')
      .find({ jobId: job.id })
      .sort({ recordIndex: 1 })
      .toArray();
    expect(raw.map(({ record }) => record)).toEqual(['{"n":12345678901234567890}', '{"m":true}']);
  });

  it('ends a push in ErrorExit if all its records are refused, and keeps them', async () => {
    const id = await dataset();
    const job = await sluice.push(id, [{ n: 'x' }, { n: 'y' }]);
    expect(job).toMatchObject({ status: 'ERROR_EXIT', quarantined: 2, counts: { read: 2, failed: 2, added: 0 } });
    expect(job.history.map(({ status }) => status)).toEqual(REFUSED);
    expect((await kept(id)).totalCount).toBe(2);
  });

  it('is limited, and says how many records it had no room for', async () => {
    const id = await dataset();
    const first = await sluice.push(id, [{ n: 1 }, ...Array.from({ length: 4 }, () => ({ n: 'x' }))]);
    const second = await sluice.push(id, [{ n: 2 }, ...Array.from({ length: 4 }, () => ({ n: 'x' }))]);
    expect([first.quarantined, first.quarantineCut, second.quarantined, second.quarantineCut]).toEqual([4, 0, 2, 2]);
    expect((await kept(id)).totalCount).toBe(6);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof kept>> = await kept(id, { first: 4, after });
      seen.push(...page.nodes.map((node) => node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual([1, 2, 3, 4].map((n) => `${first.id}:${n}`).concat([1, 2].map((n) => `${second.id}:${n}`)));
  });

  /** A dataset whose column `n` is converted to NUMERIC, which only some texts can be. */
  async function converting(sample: object = { n: '1' }, identifier?: string): Promise<string> {
    const id = await dataset(sample);
    const columns = [{ id: 'n', type: 'NUMERIC' as const }];
    await sluice.edit(id, {
      columns: identifier === undefined ? columns : [...columns, { id: identifier, uniqueIdentifier: true }],
    });
    await sluice.apply(id);
    return id;
  }
  /** From now on every text fits. */
  async function correctDesign(id: string): Promise<void> {
    await sluice.edit(id, { columns: [{ id: 'n', type: 'TEXT' }] });
    expect((await sluice.apply(id))?.status).toBe('COMPLETE');
  }
  const replay = async (datasetId: string) =>
    sluice.finalJob((await sluice.query(ReplayQuarantineDocument, { datasetId })).replayQuarantine.id);

  it('replays each record that fits a corrected design once, and keeps the rest', async () => {
    const id = await converting();
    const job = await sluice.push(id, [{ n: '1' }, { n: 5 }, { n: 'two' }, { m: 'z' }]);
    expect(job).toMatchObject({ status: 'COMPLETE', quarantined: 3 });
    await correctDesign(id);
    const replayed = await replay(id);
    expect(replayed).toMatchObject({
      kind: 'REPLAY',
      status: 'COMPLETE',
      counts: { read: 3, added: 1, failed: 2 },
      quarantined: 0,
    });
    expect(await numbers(id)).toEqual(['1', 'two']);
    expect((await kept(id)).nodes.map(({ recordIndex, errors }) => [recordIndex, errors[0]?.code])).toEqual([
      [1, 'WRONG_TYPE'],
      [3, 'MISSING_KEY'],
    ]);
    expect(await replay(id)).toMatchObject({ status: 'ERROR_EXIT', counts: { read: 2, failed: 2 } });
    expect((await kept(id)).totalCount).toBe(2);
    const { errors } = await sluice.execute(ReplayQuarantineDocument, { datasetId: id, ids: [`${job.id}:2`] });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_REQUEST');
  });

  it('loads a record only once if two replays were requested', async () => {
    const id = await converting();
    await sluice.push(id, [{ n: '1' }, { n: 'two' }]);
    await correctDesign(id);
    await holdLane(sluice, id);
    const jobs = [];
    for (let n = 0; n < 2; n += 1)
      jobs.push((await sluice.query(ReplayQuarantineDocument, { datasetId: id })).replayQuarantine.id);
    await freeLane(sluice, id);
    await sluice.push(id, [{ n: '3' }]);
    const ended = await Promise.all(jobs.map((one) => sluice.finalJob(one)));
    expect(ended.map(({ status, counts }) => [status, counts.added, counts.unchanged])).toEqual([
      ['COMPLETE', 1, 0],
      ['COMPLETE', 0, 1],
    ]);
    expect(await numbers(id)).toEqual(['1', 'two', '3']);
  });

  it('does not overwrite a record that a later push has written, marks it, and counts it as unchanged', async () => {
    const id = await converting({ key: 'a', n: '1' }, 'key');
    await sluice.push(id, [
      { key: 'a', n: 'one' },
      { key: 'b', n: 'two' },
    ]);
    await sluice.push(id, [{ key: 'a', n: '7' }]);
    await correctDesign(id);
    expect(await replay(id)).toMatchObject({
      status: 'COMPLETE',
      counts: { read: 2, added: 1, updated: 0, unchanged: 1, failed: 0 },
    });
    expect(await sluice.values(id, 'key')).toEqual([
      { key: 'a', n: '7' },
      { key: 'b', n: 'two' },
    ]);
    const { nodes } = await kept(id);
    expect(nodes.map(({ record, superseded }) => [record, superseded])).toEqual([[{ key: 'a', n: 'one' }, true]]);
  });

  it('is complete the moment the final status arrives, and can be discarded immediately', async () => {
    const many = await startSluice();
    try {
      const input = { name: 'q', sample: { n: 1 }, apply: true, mismatchPolicy: 'QUARANTINE' as const };
      const { id } = (await many.query(CreateDatasetDocument, { input })).createDataset;
      const records = Array.from({ length: 5_000 }, (_, n) => ({ n: `not a number ${n}` }));
      for (const isDiscarded of [false, true]) {
        const { body } = await many.post(`/dataload/${id}`, records);
        for await (const { status } of watch(many.socket(), { jobId: body.jobId ?? '' })) {
          if (status !== 'ERROR_EXIT') continue;
          const variables = { datasetId: id };
          if (isDiscarded) {
            expect((await many.query(DiscardQuarantineDocument, variables)).discardQuarantine).toBe(10_000);
          } else {
            const { dataset: found } = await many.query(ReadQuarantineDocument, { id, first: 1 });
            expect(found?.quarantine.totalCount).toBe(5_000);
          }
          expect(await many.job(body.jobId ?? '')).toMatchObject({
            quarantined: 5_000,
            counts: { read: 5_000, failed: 5_000 },
            errors: { totalCount: 5_000, mismatchedRecords: 5_000 },
          });
        }
      }
      await many.push(id, [{ n: 1 }]);
      expect((await many.query(ReadQuarantineDocument, { id })).dataset?.quarantine.totalCount).toBe(0);
    } finally {
      await many.close();
    }
  });

  it('shows nothing of a terminated job, and nothing that was discarded', async () => {
    const id = await dataset();
    await holdLane(sluice, id);
    const { body } = await sluice.post(`/dataload/${id}`, [{ n: 1 }, { n: 'x' }]);
    await sluice.query(TerminateJobDocument, { id: body.jobId ?? '' });
    await freeLane(sluice, id);
    const job = await sluice.push(id, [{ n: 1 }, { n: 'x' }, { n: 'y' }]);
    expect((await kept(id)).totalCount).toBe(2);
    const discard = async (ids?: string[]) =>
      (await sluice.query(DiscardQuarantineDocument, { datasetId: id, ...(ids && { ids }) })).discardQuarantine;
    expect(await discard([`${job.id}:1`, 'unknown'])).toBe(1);
    expect(await discard()).toBe(1);
    expect((await kept(id)).totalCount).toBe(0);
  });
});
