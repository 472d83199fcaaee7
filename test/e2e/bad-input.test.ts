import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CreateDatasetDocument, PushDataDocument } from '../generated/graphql.js';
import { expectNothingStored } from '../support/nothing-stored.js';
import { type Answer, type Problem, type Sluice, startSluice } from '../support/sluice.js';

const LIMIT = 200_000;
const BOMB = '['.repeat(100_000) + ']'.repeat(100_000);

describe('bad input over REST', () => {
  let sluice: Sluice;
  let id: string;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_MAX_PAYLOAD_BYTES: String(LIMIT) });
    id = await sluice.dataset({ n: 1, t: 'x' });
  });
  afterAll(() => sluice.close());

  /** Whatever was sent: there is no job and no row, and the service still works. */
  afterEach(() => expectNothingStored(sluice, id));

  function expectProblem({ status, headers, body }: Answer<Problem>, code: string, wanted: number): void {
    expect([status, body.code]).toEqual([wanted, code]);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'about:blank', status: wanted, detail: expect.stringMatching(/.{10}/) });
    expect(JSON.stringify(body)).not.toMatch(/at .*\.[jt]s|call stack/);
  }

  it.each<[string, string | Uint8Array, Record<string, string>, string, number]>([
    ['malformed JSON', '{"n": 1,', {}, 'INVALID_JSON', 400],
    ['an empty body', '', {}, 'INVALID_JSON', 400],
    ['broken UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 'INVALID_JSON', 400],
    [
      "curl's own content type",
      '{"n":1}',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'UNSUPPORTED_MEDIA_TYPE',
      415,
    ],
    ['plain text', '{"n":1}', { 'content-type': 'text/plain' }, 'UNSUPPORTED_MEDIA_TYPE', 415],
    ['an unknown encoding', '{"n":1}', { 'content-encoding': 'zstd' }, 'UNSUPPORTED_MEDIA_TYPE', 415],
    ['broken gzip', 'not gzip', { 'content-encoding': 'gzip' }, 'BAD_REQUEST', 400],
    [
      'gzip that ends too early',
      gzipSync('{"n":1}').subarray(0, 15),
      { 'content-encoding': 'gzip' },
      'BAD_REQUEST',
      400,
    ],
    ['a body over the limit', 'x'.repeat(LIMIT + 1), {}, 'PAYLOAD_TOO_LARGE', 413],
    ['a body far over the limit', 'x'.repeat(LIMIT * 20), {}, 'PAYLOAD_TOO_LARGE', 413],
    ['a gzip bomb', gzipSync(Buffer.alloc(100_000_000, '[')), { 'content-encoding': 'gzip' }, 'PAYLOAD_TOO_LARGE', 413],
    [
      'a brotli bomb',
      brotliCompressSync(Buffer.alloc(50_000_000)),
      { 'content-encoding': 'br' },
      'PAYLOAD_TOO_LARGE',
      413,
    ],
    ['a depth bomb', BOMB, {}, 'INVALID_JSON', 400],
    ['a depth bomb of objects', `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`, {}, 'INVALID_JSON', 400],
    ['empty data', '[]', {}, 'BAD_REQUEST', 400],
    ['a number', '5', {}, 'BAD_REQUEST', 400],
    ['null', 'null', {}, 'BAD_REQUEST', 400],
    ['a record that is not an object', '[{"n":1,"t":"x"}, 2]', {}, 'BAD_REQUEST', 400],
    ['a record that is an array', '[[{"n":1}]]', {}, 'BAD_REQUEST', 400],
    ['NDJSON with a broken line', '{"n":1}\n{"n":', { 'content-type': 'application/x-ndjson' }, 'INVALID_JSON', 400],
    ['a record with a key given twice', '[{"n":1,"t":"x"},{"n":1,"t":"x","t":"y"}]', {}, 'BAD_REQUEST', 400],
    [
      'an NDJSON record with a key given twice',
      '{"n":1,"t":"x"}\n{"n":1,"n":2}',
      { 'content-type': 'application/x-ndjson' },
      'BAD_REQUEST',
      400,
    ],
    ['empty NDJSON', '\n\n', { 'content-type': 'application/x-ndjson' }, 'BAD_REQUEST', 400],
  ])('refuses %s', async (_name, body, headers, code, status) => {
    expectProblem(await sluice.post(`/dataload/${id}`, body, headers), code, status);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['a raw tab in a string', '{"n":1,\n"t":"x\ty"}', 'line 2, column 7: a raw tab inside a string; write it as \\t'],
    ['a bad escape', '{"t":"C:\\work"}', 'line 1, column 10: "w" does not belong after a backslash'],
    ['a bad number', '{"n":1.}', 'line 1, column 8: "}" does not belong there; a digit is missing before it'],
    ['bad UTF-8', Buffer.from('{"n":1,"t":"né"}', 'latin1'), 'line 1, column 14: the byte 0xe9 does not belong there'],
  ])('names the exact place of %s', async (_name, body, detail) => {
    const answer = await sluice.post(`/dataload/${id}`, body);
    expectProblem(answer, 'INVALID_JSON', 400);
    expect(answer.body.detail).toContain(detail);
  });

  it.each<[string, unknown, string, number]>([
    ['a top-level array', [{ datasetId: 'x', data: [] }], 'BAD_REQUEST', 400],
    ['no data', { datasetId: 'x' }, 'BAD_REQUEST', 400],
    ['no dataset', { data: [{ n: 1 }] }, 'BAD_REQUEST', 400],
    ['a dataset that is not a text', { datasetId: { $gt: '' }, data: [{ n: 1 }] }, 'BAD_REQUEST', 400],
    ['an unknown dataset', { datasetId: 'nowhere', data: [{ n: 1 }] }, 'NOT_FOUND', 404],
    ['an unknown method', { datasetId: 'own', data: [{ n: 1 }], documentUpdateMethod: 'merge' }, 'BAD_REQUEST', 400],
    [
      'upsert without identifiers',
      { datasetId: 'own', data: [{ n: 1 }], documentUpdateMethod: 'UPSERT' },
      'UPSERT_NEEDS_IDENTIFIER',
      422,
    ],
    ['data that is an object', { datasetId: 'own', data: { n: 1 } }, 'BAD_REQUEST', 400],
  ])('refuses an envelope with %s', async (_name, body, code, status) => {
    const text = JSON.stringify(body).replace('"own"', JSON.stringify(id));
    expectProblem(await sluice.post('/dataload/postdata', text), code, status);
  });

  it('refuses an envelope with an unknown key or with a key twice', async () => {
    const records = '[{"n":1,"t":"x"}]';
    const twice = await sluice.post('/dataload/postdata', `{"datasetId":"${id}","data":${records},"data":${records}}`);
    expectProblem(twice, 'BAD_REQUEST', 400);
    expect(twice.body).toMatchObject({ pointer: '/data', detail: expect.stringContaining('"/data" is given twice') });
    const misspelt = { datasetId: id, documentUpdateMehtod: 'upsert', data: [{ n: 1, t: 'x' }] };
    const unknown = await sluice.post('/dataload/postdata', misspelt);
    expectProblem(unknown, 'BAD_REQUEST', 400);
    expect(unknown.body).toMatchObject({
      pointer: '/documentUpdateMehtod',
      detail: expect.stringContaining('datasetId, documentUpdateMethod, data'),
    });
    for (const more of [{ where: { column: 'n', op: 'EQ', value: 1 } }, { data: [] }, { documentUpdateMethod: 'x' }]) {
      expectProblem(await sluice.post('/dataload/deletealldata', { datasetId: id, ...more }), 'BAD_REQUEST', 400);
    }
    expectProblem(
      await sluice.post('/dataload/deletedata', { datasetId: id, where: {}, data: [] }),
      'BAD_REQUEST',
      400,
    );
  });

  it('names the line and column, the index, the limit', async () => {
    const malformed = await sluice.post(`/dataload/${id}`, '[{"n": 1},\n {"n": oops}]');
    expect(malformed.body.detail).toContain('line 2, column 8');
    expect((await sluice.post(`/dataload/${id}`, '[{"n":1},7]')).body).toMatchObject({
      recordIndex: 1,
      actual: 'number',
    });
    const large = await sluice.post(`/dataload/${id}`, 'x'.repeat(LIMIT + 1));
    expect(large.body.detail).toContain(String(LIMIT));
    const line = await sluice.post(`/dataload/${id}`, '{}\n{', { 'content-type': 'application/x-ndjson' });
    expect(line.body.detail).toContain('line 2');
  });

  it('refuses a dataset that was not applied, and says to apply changes', async () => {
    const input = { name: 'draft', sample: { n: 1 } };
    const { createDataset } = await sluice.query(CreateDatasetDocument, { input });
    const answer = await sluice.post(`/dataload/${createDataset.id}`, { n: 1 });
    expectProblem(answer, 'NOT_APPLIED', 409);
    expect(answer.body.detail).toContain('apply changes');
    const { errors } = await sluice.execute(PushDataDocument, {
      input: { datasetId: createDataset.id, data: [{ n: 1 }] },
    });
    expect(errors?.[0]?.extensions?.code).toBe('NOT_APPLIED');
  });

  it.each([
    'wait=1&wait=2',
    'wait=',
    'wait=soon',
    'wait=61',
    'wait=0x10',
    'wait=1e1',
    'wait=%201',
    'wiat=1',
    'documentUpdateMehtod=upsert',
    'documentUpdateMethod=replace&documentUpdateMethod=upsert',
  ])('refuses the query string %s', async (query) => {
    expectProblem(await sluice.post(`/dataload/${id}?${query}`, { n: 1, t: 'x' }), 'BAD_REQUEST', 400);
  });

  it('names an invalid time to wait as it was sent', async () => {
    const detailOf = async (query: string) =>
      (await sluice.post(`/dataload/${id}?${query}`, { n: 1, t: 'x' })).body.detail;
    expect(await detailOf('wait=abc')).toContain('wait is "abc"');
    expect(await detailOf('wait=')).toContain('wait is ""');
    expect(await detailOf('wait=1&wait=2')).toContain('wait is ["1","2"]');
  });

  it('says what is wrong with an invalid or missing content type', async () => {
    for (const type of ['@@', ';;;']) {
      const malformed = await sluice.post(`/dataload/${id}`, '{}', { 'content-type': type });
      expectProblem(malformed, 'UNSUPPORTED_MEDIA_TYPE', 415);
      expect(malformed.body.detail).toContain(
        `"${type}" is not a valid Content-Type; send 'Content-Type: application/json'`,
      );
    }
    const body = new Blob(['{}']);
    const answer = await sluice.request(`/dataload/${id}`, { method: 'POST', body });
    expectProblem(answer, 'UNSUPPORTED_MEDIA_TYPE', 415);
    expect(answer.body.detail).toContain("add the header 'Content-Type: application/json'");
  });

  it('refuses unknown paths and methods', async () => {
    expectProblem(await sluice.request('/nowhere'), 'NOT_FOUND', 404);
    const put = await sluice.request('/dataload/postdata', { method: 'PUT', body: '{}' });
    expectProblem(put, 'METHOD_NOT_ALLOWED', 405);
    expect(put.headers.get('allow')).toBe('POST, OPTIONS');
    expectProblem(await sluice.post('/dataload/deletedata', { datasetId: id }), 'BAD_REQUEST', 400);
    expectProblem(await sluice.post('/dataload/deletealldata', [id]), 'BAD_REQUEST', 400);
    expectProblem(await sluice.request('/dataload/%E0%A4%A/status'), 'BAD_REQUEST', 400);
  });

  it('returns 404 for an unknown id of any length, and shows its beginning', async () => {
    const long = 'x'.repeat(5000);
    for (const answer of [
      await sluice.request(`/dataload/${'x'.repeat(300)}/status`),
      await sluice.request(`/dataload/${long}/errors`),
      await sluice.post(`/dataload/${long}`, { n: 1, t: 'x' }),
      await sluice.request(`/${long}`),
    ]) {
      expectProblem(answer, 'NOT_FOUND', 404);
      expect(answer.body.detail?.length).toBeLessThan(300);
    }
    const malformed = await sluice.request(`/dataload/%E0%A4%A${long}/status`);
    expectProblem(malformed, 'BAD_REQUEST', 400);
    expect(malformed.body.detail?.length).toBeLessThan(300);
    expect(malformed.body.detail).toContain('encode its parts');
  });
});
