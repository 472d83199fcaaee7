import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreateDatasetDocument, ReplayQuarantineDocument, TerminateJobDocument } from '../generated/graphql.js';
import { freeLane, holdLane } from '../support/held-lanes.js';
import { type FinalJob, type Sluice, startSluice } from '../support/sluice.js';

type Summary = FinalJob['errorSummary'];

describe('the summary of the errors of a job', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  const short = (summary: Summary) =>
    summary.map(({ pointer, code, records, firstIndexes }) => [pointer, code, records, firstIndexes]);

  /** 249 records: all lack a key and have unknown ones, every third has texts for numbers deep in an array. */
  const orders = Array.from({ length: 249 }, (_, index) => ({
    items: [{ sku: 'a', n: 1 }, ...Array.from({ length: 30 }, () => ({ sku: 'b', n: index % 3 === 0 ? 'x' : 2 }))],
    [`extra${index}`]: 1,
    [`more${index}`]: 2,
  }));

  it('counts the records of every reason in a push of 249 records, over GraphQL and REST', async () => {
    const id = await sluice.dataset({ id: 1, items: [{ sku: 'a', n: 1 }] });
    const job = await sluice.push(id, orders);
    expect(job).toMatchObject({ status: 'ERROR_EXIT', counts: { read: 249, failed: 249 } });
    const first = Array.from({ length: 10 }, (_, index) => index);
    expect(short(job.errorSummary)).toEqual([
      ['/id', 'MISSING_KEY', 249, first],
      ['', 'UNKNOWN_KEY', 249, first],
      ['/items/n', 'WRONG_TYPE', 83, first.map((index) => 3 * index)],
    ]);
    expect(job.errorSummary[2]?.example).toBe('/items/1/n: "x" is not a number');
    expect(job.errors).toMatchObject({ totalCount: 249 * 3 + 83 * 30, mismatchedRecords: 249 });
    const { body } = await sluice.request(`/dataload/${job.id}/errors`);
    expect(body.errorSummary).toEqual(job.errorSummary);
    const indexes = (body.errors as { recordIndex: number }[]).map(({ recordIndex }) => recordIndex);
    expect([...new Set(indexes)]).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(indexes.filter((index) => index === 3)).toHaveLength(10);
    expect(indexes.filter((index) => index === 1)).toHaveLength(3);
  });

  it('is empty for a job without errors, and counts records that go to quarantine or that a replay refuses', async () => {
    const input = { name: 'q', sample: { n: 1 }, apply: true, mismatchPolicy: 'QUARANTINE' as const };
    const { id } = (await sluice.query(CreateDatasetDocument, { input })).createDataset;
    expect((await sluice.push(id, { n: 1 })).errorSummary).toEqual([]);
    const job = await sluice.push(id, [{ n: 1 }, { n: 'x' }, { m: 1 }, { n: 'y' }]);
    expect([job.status, ...short(job.errorSummary)]).toEqual([
      'COMPLETE',
      ['/n', 'WRONG_TYPE', 2, [1, 3]],
      ['/n', 'MISSING_KEY', 1, [2]],
      ['', 'UNKNOWN_KEY', 1, [2]],
    ]);
    const { replayQuarantine } = await sluice.query(ReplayQuarantineDocument, { datasetId: id });
    expect(short((await sluice.finalJob(replayQuarantine.id)).errorSummary)).toEqual([
      ['/n', 'WRONG_TYPE', 2, [0, 2]],
      ['/n', 'MISSING_KEY', 1, [1]],
      ['', 'UNKNOWN_KEY', 1, [1]],
    ]);
  });

  it('says for a reload which columns do not fit, and in how many records', async () => {
    const id = await sluice.dataset({ t: 'x', u: 'x' });
    const texts = Array.from({ length: 150 }, (_, index) => ({ t: index % 2 === 0 ? '1' : 'one', u: 'x' }));
    await sluice.push(id, texts);
    await sluice.edit(id, { columns: [{ id: 't', type: 'NUMERIC' }] });
    const reload = await sluice.apply(id);
    expect(reload?.status).toBe('ERROR_EXIT');
    const odd = Array.from({ length: 10 }, (_, index) => 2 * index + 1);
    expect(short(reload?.errorSummary ?? [])).toEqual([['/t', 'CONVERSION_FAILED', 75, odd]]);
  });

  it('says for a delete by identifiers what its records lack', async () => {
    const id = await sluice.dataset({ k: 'a', n: 1 });
    await sluice.edit(id, { columns: [{ id: 'k', uniqueIdentifier: true }] });
    await sluice.apply(id);
    const data = [{ k: 'a' }, { n: 1 }, { k: null }];
    const { status, body } = await sluice.post('/dataload/deletedata?wait=60', { datasetId: id, data });
    expect(status).toBe(422);
    expect(short(body.errorSummary as Summary)).toEqual([
      ['/k', 'MISSING_KEY', 1, [1]],
      ['', 'UNKNOWN_KEY', 1, [1]],
      ['/k', 'IDENTIFIER_MISSING', 1, [2]],
    ]);
  });

  describe('a push with wait', () => {
    it('returns 200 when it is Complete, and 422 with the summary when it is refused', async () => {
      const id = await sluice.dataset({ n: 1 });
      const good = await sluice.post(`/dataload/${id}?wait=60`, { n: 1 });
      expect([good.status, Object.keys(good.body)]).toEqual([200, ['statusJob', 'jobCompletionStatistics']]);
      const bad = await sluice.post(`/dataload/${id}?wait=60`, [{ n: 1 }, { n: 'x' }]);
      expect([bad.status, bad.headers.get('content-type')]).toEqual([422, 'application/json; charset=utf-8']);
      expect(bad.body).toMatchObject({
        statusJob: { status: 'ErrorExit' },
        jobCompletionStatistics: { failed: 2 },
        errorSummary: [
          { pointer: '/n', code: 'WRONG_TYPE', records: 1, firstIndexes: [1], example: '/n: "x" is not a number' },
        ],
      });
    });

    it('returns 202 while it is not final, and 409 when it was terminated', async () => {
      const id = await sluice.dataset({ n: 1 });
      await holdLane(sluice, id);
      const early = await sluice.post(`/dataload/${id}?wait=0`, { n: 1 });
      expect([early.status, early.body]).toMatchObject([202, { statusJob: { status: 'Initializing' } }]);
      const { jobId } = early.body.statusJob as { jobId: string };
      const headers = { 'idempotency-key': 'once' };
      const ended = await sluice.post(`/dataload/${id}`, { n: 2 }, headers);
      await sluice.query(TerminateJobDocument, { id: ended.body.jobId ?? '' });
      const again = await sluice.post(`/dataload/${id}?wait=60`, { n: 2 }, headers);
      expect([again.status, again.body]).toMatchObject([409, { statusJob: { status: 'TerminatedExit' } }]);
      await freeLane(sluice, id);
      expect((await sluice.finalJob(jobId)).status).toBe('COMPLETE');
    });
  });
});
