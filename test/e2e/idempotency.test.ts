import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeleteDataDocument, ListJobsDocument, PushDataDocument, ReadRecordsDocument } from '../generated/graphql.js';
import { freeLane, holdLane } from '../support/held-lanes.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

describe('idempotency keys', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  const post = (id: string, key: string, body: unknown, headers = {}) =>
    sluice.post(`/dataload/${id}`, body, { 'idempotency-key': key, ...headers });
  const rowCount = async (id: string) => (await sluice.query(ReadRecordsDocument, { id })).dataset?.records.totalCount;

  it('return the same job for the same request, marked as repeated, even after the job has ended', async () => {
    const id = await sluice.dataset({ n: 1 });
    const first = await post(id, 'a', [{ n: 1 }]);
    await sluice.finalJob(first.body.jobId ?? '');
    const again = await post(id, 'a', [{ n: 1 }]);
    const packed = await post(id, 'a', gzipSync('[{"n":1}]'), { 'content-encoding': 'gzip' });
    expect([first, again, packed].map(({ status, body }) => [status, body.jobId])).toEqual(
      Array(3).fill([202, first.body.jobId]),
    );
    expect([first, again, packed].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([
      null,
      'true',
      'true',
    ]);
    expect(await rowCount(id)).toBe(1);
  });

  it('are kept when all data is deleted: a loader that runs again is told that it loads nothing', async () => {
    const id = await sluice.dataset({ n: 1 });
    const first = await post(id, 'run-1', [{ n: 1 }]);
    expect(first.body).toEqual({ jobId: first.body.jobId });
    await sluice.post('/dataload/deletealldata?wait=60', { datasetId: id });
    const again = await post(id, 'run-1', [{ n: 1 }]);
    expect(again.body).toEqual({ jobId: first.body.jobId, replayed: true });
    const waited = await post(`${id}?wait=60`, 'run-1', [{ n: 1 }]);
    expect(waited.body).toMatchObject({ replayed: true, statusJob: { jobId: first.body.jobId, status: 'Complete' } });
    expect(await rowCount(id)).toBe(0);
    const fresh = await post(`${id}?wait=60`, 'run-2', [{ n: 1 }]);
    expect(fresh.body).not.toHaveProperty('replayed');
    expect(await rowCount(id)).toBe(1);
  });

  it('refuse another request, and name the job that has the key', async () => {
    const id = await sluice.dataset({ n: 1 });
    const { body } = await post(id, 'a', [{ n: 1 }]);
    const other = await post(id, 'a', [{ n: 2 }]);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
    expect(other.body.detail).toContain(body.jobId);
  });

  it('are accepted if the same key is sent twice in a request, and refused if the keys differ', async () => {
    const id = await sluice.dataset({ n: 1 });
    const send = async (keys: string[]) => {
      const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json', 'idempotency-key': keys };
      const sent = request(`${sluice.url}/dataload/${id}`, { method: 'POST', headers });
      sent.end('[{"n":1}]');
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: answer.statusCode, body: JSON.parse(await text(answer)) };
    };
    const refused = await send(['a', 'b']);
    expect(refused).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', field: 'idempotency-key' } });
    expect((await sluice.query(ListJobsDocument, { datasetId: id })).jobs.totalCount).toBe(0);
    const [twice, single, joined] = [await send(['a', 'a']), await send(['a']), await send(['a, a'])];
    expect(single.body.jobId).toBe(twice.body.jobId);
    expect(joined.body.jobId).not.toBe(twice.body.jobId);
  });

  it('are independent of those of another dataset', async () => {
    const [one, two] = [await sluice.dataset({ n: 1 }), await sluice.dataset({ n: 1 })];
    const answers = [await post(one, 'same', [{ n: 1 }]), await post(two, 'same', [{ n: 1 }])];
    expect(answers[0]?.body.jobId).not.toBe(answers[1]?.body.jobId);
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, null]);
  });

  it.each(['burst', 'lane_position'])(
    'give one job when the same request arrives many times at the same moment with %s',
    async (key) => {
      const id = await sluice.dataset({ n: 1 });
      const answers = await Promise.all(Array.from({ length: 30 }, () => post(id, key, [{ n: 1 }])));
      expect(new Set(answers.map(({ body }) => body.jobId)).size).toBe(1);
      expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
      expect((await sluice.query(ListJobsDocument, { datasetId: id })).jobs.totalCount).toBe(1);
      expect((await sluice.push(id, [{ n: 2 }])).status).toBe('COMPLETE');
    },
  );

  it('work the same through GraphQL', async () => {
    const id = await sluice.dataset({ n: 1 });
    const input = { datasetId: id, data: [{ n: 1 }], idempotencyKey: 'g' };
    const first = (await sluice.query(PushDataDocument, { input })).pushData;
    const again = (await sluice.query(PushDataDocument, { input })).pushData;
    expect([first.replayed, again.replayed, again.id]).toEqual([false, true, first.id]);
    const other = await sluice.execute(PushDataDocument, { input: { ...input, data: [{ n: 2 }] } });
    expect(other.errors?.[0]?.extensions?.code).toBe('IDEMPOTENCY_MISMATCH');
  });

  it('return the same job even if the design would refuse the request now', async () => {
    const id = await sluice.dataset({ n: 1 });
    await sluice.edit(id, { columns: [{ id: 'n', uniqueIdentifier: true }] });
    await sluice.apply(id);
    const upsert = () => post(`${id}?documentUpdateMethod=upsert`, 'upsert', [{ n: 1 }]);
    const where = { column: 'n', op: 'EQ' as const, value: 1 };
    const remove = async (key: string, by: object) =>
      (await sluice.query(DeleteDataDocument, { input: { datasetId: id, idempotencyKey: key, ...by } })).deleteData.id;
    const first = [
      (await upsert()).body.jobId,
      await remove('where', { where }),
      await remove('id', { data: [{ n: 1 }] }),
    ];
    await sluice.edit(id, { columns: [{ id: 'n', uniqueIdentifier: false, enabled: false }] });
    await sluice.apply(id);
    const again = [
      (await upsert()).body.jobId,
      await remove('where', { where }),
      await remove('id', { data: [{ n: 1 }] }),
    ];
    expect(again).toEqual(first);
  });

  it.each([
    ['', 400],
    ['x'.repeat(256), 400],
    ['x'.repeat(255), 202],
  ])('of the length of %j get %i', async (key, status) => {
    const id = await sluice.dataset({ n: 1 });
    expect((await post(id, key, [{ n: 1 }])).status).toBe(status);
  });
});

describe('waiting', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  it('returns the final job, however it ended', async () => {
    const id = await sluice.dataset({ n: 1 });
    const good = await sluice.post(`/dataload/${id}?wait=30`, [{ n: 1 }]);
    expect(good).toMatchObject({ status: 200, body: { statusJob: { status: 'Complete' } } });
    const bad = await sluice.post('/dataload/postdata?wait=30', { datasetId: id, data: [{ n: 'x' }] });
    expect(bad).toMatchObject({ status: 422, body: { statusJob: { status: 'ErrorExit' } } });
    const input = { datasetId: id, data: [{ n: 2 }], waitSeconds: 30 };
    const { pushData } = await sluice.query(PushDataDocument, { input });
    expect(pushData).toMatchObject({ status: 'COMPLETE', finishedAt: expect.any(String) });
  });

  it('returns the job as it is when the time is over', async () => {
    const id = await sluice.dataset({ n: 1 });
    await holdLane(sluice, id);
    const { status, body } = await sluice.post(`/dataload/${id}?wait=0.2`, [{ n: 1 }]);
    expect(status).toBe(202);
    expect(body).toMatchObject({ statusJob: { status: 'Initializing', approximatePercentComplete: 0 } });
    await freeLane(sluice, id);
  });

  it.each(['61', '-1', 'x', ''])('refuses %j seconds, and accepts nothing', async (wait) => {
    const id = await sluice.dataset({ n: 1 });
    expect((await sluice.post(`/dataload/${id}?wait=${wait}`, [{ n: 1 }])).body.code).toBe('BAD_REQUEST');
    expect((await sluice.query(ListJobsDocument, { datasetId: id })).jobs.totalCount).toBe(0);
  });

  it('names the field as it is called in each API', async () => {
    const id = await sluice.dataset({ n: 1 });
    expect((await sluice.post(`/dataload/${id}?wait=61`, [{ n: 1 }])).body.field).toBe('wait');
    const input = { datasetId: id, data: [{ n: 1 }], waitSeconds: 61 };
    const { errors } = await sluice.execute(PushDataDocument, { input });
    expect(errors?.[0]?.extensions?.field).toBe('input.waitSeconds');
  });
});
