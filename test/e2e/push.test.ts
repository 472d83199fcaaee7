import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ListJobsDocument, PushDataDocument, ReadDatasetDocument, ReadRecordsDocument } from '../generated/graphql.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { LOADED, REFUSED } from '../support/statuses.js';

describe('pushing', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  async function values(id: string): Promise<Record<string, unknown>[]> {
    const { dataset } = await sluice.query(ReadRecordsDocument, { id, first: 1000 });
    return dataset?.records.nodes.map((row) => row.values) ?? [];
  }

  it('accepts every form: envelope, bare object, bare array, NDJSON, gzip, GraphQL', async () => {
    const id = await sluice.dataset({ n: 1 });
    const ndjson = { 'content-type': 'application/x-ndjson' };
    const answers = [
      await sluice.post('/dataload/postdata', { datasetId: id, documentUpdateMethod: 'Replace', data: [{ n: 1 }] }),
      await sluice.post('/dataload/postdata', { datasetId: id, data: [{ n: 2 }] }),
      await sluice.post(`/dataload/${id}`, { n: 3 }),
      await sluice.post(`/dataload/${id}?documentUpdateMethod=REPLACE`, [{ n: 4 }, { n: 5 }]),
      await sluice.post(`/dataload/${id}`, '{"n":6}\r\n\n{"n":7}\n', ndjson),
      await sluice.post(`/dataload/${id}`, gzipSync('[{"n":8}]'), {
        'content-encoding': 'gzip',
        'content-type': 'application/vnd.own+json; charset=utf-8',
      }),
      await sluice.post(`/dataload/${id}`, gzipSync('{"n":9}\n'), { 'content-encoding': 'gzip', ...ndjson }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const { pushData } = await sluice.query(PushDataDocument, { input: { datasetId: id, data: [{ n: 10 }] } });
    expect((await sluice.finalJob(pushData.id)).status).toBe('COMPLETE');
    expect(await values(id)).toEqual(Array.from({ length: 10 }, (_, n) => ({ n: n + 1 })));
    const { dataset } = await sluice.query(ReadDatasetDocument, { id });
    expect(dataset).toMatchObject({ recordCount: 10, rowCount: 10, lastJob: { id: pushData.id } });
  });

  it('shows the whole history, and counts that add up', async () => {
    const id = await sluice.dataset({ n: 1 });
    const job = await sluice.push(id, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(job).toMatchObject({ kind: 'PUSH', status: 'COMPLETE', percentComplete: 100, attempts: 1 });
    expect(job.counts).toEqual({
      read: 3,
      added: 3,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      failed: 0,
      rows: 3,
      unplaced: 0,
    });
    expect(job.history.map(({ status }) => status)).toEqual(LOADED);
    const times = job.history.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect([job.createdAt, job.finishedAt]).toEqual([times[0], times.at(-1)]);
    expect(job.requestedBy).toBe('configured');
  });

  it('refuses the whole push if one record does not fit, says where, and stores nothing of it', async () => {
    const id = await sluice.dataset([
      { n: 1, o: { t: 'x' } },
      { n: 2, o: { t: 'y', opt: 1 } },
    ]);
    const good = { n: 1, o: { t: 'x' } };
    const records = [good, { n: '2', o: { t: 'x', extra: true } }, { o: null }, { n: null, o: { t: 5 } }];
    const job = await sluice.push(id, records);
    expect(job).toMatchObject({ status: 'ERROR_EXIT', percentComplete: 100 });
    expect(job.counts).toEqual({
      read: 4,
      added: 0,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      failed: 4,
      rows: 0,
      unplaced: 0,
    });
    expect(job.history.map(({ status }) => status)).toEqual(REFUSED);
    expect(job.errors).toMatchObject({ totalCount: 4, mismatchedRecords: 3 });
    const short = job.errors.nodes.map((e) => [e.recordIndex, e.pointer, e.code, e.expected, e.actual]);
    expect(short).toEqual([
      [1, '/n', 'WRONG_TYPE', 'NUMERIC', '"2"'],
      [1, '/o/extra', 'UNKNOWN_KEY', 'no such key', 'true'],
      [2, '/n', 'MISSING_KEY', 'NUMERIC', 'missing'],
      [3, '/o/t', 'WRONG_TYPE', 'TEXT', '5'],
    ]);
    expect(await values(id)).toEqual([]);

    const { body } = await sluice.request(`/dataload/${job.id}/errors`);
    expect(body).toMatchObject({ jobId: job.id, errorCount: 4, mismatchedRecords: 3 });
    expect((await sluice.push(id, [good])).status).toBe('COMPLETE');
    expect(await values(id)).toHaveLength(1);
  });

  it('allows null for any value, an empty array for any array, and missing optional keys', async () => {
    const id = await sluice.dataset([
      { t: 'x', o: { k: 1 }, list: [1], rows: [{ a: 1 }] },
      { t: 'x', o: null, list: [], rows: [], e: 1 },
    ]);
    const job = await sluice.push(id, [
      { t: null, o: null, list: null, rows: null },
      { t: 'y', o: { k: null }, list: [], rows: [], e: null },
      { t: 'z', o: { k: 2 }, list: [1, null], rows: [{ a: null }] },
    ]);
    expect(job.status).toBe('COMPLETE');
    expect(await values(id)).toEqual([
      { t: null, 'o.k': null, list: null, e: null },
      { t: 'y', 'o.k': null, list: [], e: null },
      { t: 'z', 'o.k': 2, list: [1, null], e: null },
    ]);
  });

  it('keeps the digits of big integers in a TEXT column, and refuses them in a NUMERIC one', async () => {
    const id = await sluice.dataset('{"big": 12345678901234567890, "n": 1}');
    const good = await sluice.push(id, '{"big": 98765432109876543210987, "n": 9007199254740992}');
    expect(good.status).toBe('COMPLETE');
    expect(await values(id)).toEqual([{ big: '98765432109876543210987', n: 9007199254740992 }]);
    const bad = await sluice.push(id, '[{"big": 1, "n": 9007199254740993}, {"big": 1, "n": 1e999}]');
    expect(bad.errors.nodes.map((e) => [e.pointer, e.code, e.actual])).toEqual([
      ['/n', 'NUMBER_OUT_OF_RANGE', '9007199254740993'],
      ['/n', 'NUMBER_OUT_OF_RANGE', '1e999'],
    ]);
    expect(await values(id)).toHaveLength(1);
  });

  it('keeps every digit of GraphQL numbers, in variables and in the query', async () => {
    const id = await sluice.dataset('{"big": 12345678901234567890}');
    const inline = `mutation { pushData(input: {datasetId: "${id}", data: [{big: 11111111111111111111}]}) { id } }`;
    const variables = `mutation ($d: JSON!) { pushData(input: {datasetId: "${id}", data: $d}) { id } }`;
    await sluice.post('/graphql', { query: inline });
    const body = `{"query": ${JSON.stringify(variables)}, "variables": {"d": [{"big": 22222222222222222222}]}}`;
    const answer = await sluice.post('/graphql', body);
    await sluice.finalJob((answer.body.data as { pushData: { id: string } }).pushData.id);
    expect(await values(id)).toEqual([{ big: '11111111111111111111' }, { big: '22222222222222222222' }]);
  });

  it('applies pushes in the order of their responses, from many connections at the same time', async () => {
    const id = await sluice.dataset({ n: 1 });
    const jobs = await Promise.all(
      Array.from({ length: 200 }, (_, n) => sluice.post(`/dataload/${id}`, { n }).then(({ body }) => body.jobId ?? '')),
    );
    const last = await sluice.push(id, { n: 1000 });
    expect(last.status).toBe('COMPLETE');
    const { jobs: listed } = await sluice.query(ListJobsDocument, { datasetId: id, status: ['COMPLETE'], first: 1000 });
    expect(new Set(listed.nodes.map((job) => job.id))).toEqual(new Set([...jobs, last.id]));
    const numbers = (await values(id)).map(({ n }) => n);
    expect(numbers.at(-1)).toBe(1000);
    expect([...numbers].sort((a, b) => Number(a) - Number(b))).toEqual([
      ...Array.from({ length: 200 }, (_, n) => n),
      1000,
    ]);
  });

  it('accepts 100,000 records in a push, and refuses one more before it becomes a job', async () => {
    const id = await sluice.dataset([{ n: 1 }, {}]);
    const send = (count: number) =>
      sluice.post(`/dataload/${id}?wait=60`, '{}\n'.repeat(count), { 'content-type': 'application/x-ndjson' });
    expect(await send(100_001)).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE', detail: expect.stringContaining('100001 records') },
    });
    expect(await send(100_000)).toMatchObject({ status: 200, body: { statusJob: { status: 'Complete' } } });
    expect(await sluice.values(id)).toHaveLength(1_000);
  });

  it('accepts a 9 MB push', async () => {
    const id = await sluice.dataset({ t: 'x', n: 1 });
    const records = Array.from({ length: 9000 }, (_, n) => ({ t: 'x'.repeat(1000), n }));
    const job = await sluice.push(id, records);
    expect(job).toMatchObject({ status: 'COMPLETE', counts: { added: 9000 } });
    const { dataset } = await sluice.query(ReadRecordsDocument, { id, first: 0 });
    expect(dataset?.records.totalCount).toBe(9000);
  });
});
