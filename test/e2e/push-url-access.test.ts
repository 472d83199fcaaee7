import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { print } from 'graphql';
import { createLogger } from '../../src/telemetry/logger.js';
import {
  CreateApiKeyDocument,
  CreatePushUrlDocument,
  type CreatePushUrlInput,
  DeleteDatasetDocument,
  ReadPushUrlsDocument,
  RevokePushUrlDocument,
} from '../generated/graphql.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

const SECRET = 'a secret that nobody may ever see again';
const RECORD = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"n": 1}' };

describe('push URLs and who may do what', () => {
  const logged: string[] = [];
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice({}, createLogger('trace', { write: (line) => void logged.push(line) }));
  });
  afterAll(() => sluice.close());

  async function create(settings: Partial<CreatePushUrlInput> & { datasetId: string }) {
    return (await sluice.query(CreatePushUrlDocument, { input: { name: 'hook', ...settings } })).createPushUrl;
  }

  async function statusOf(url: string): Promise<[number, string | undefined]> {
    const response = await fetch(url, RECORD);
    return [response.status, ((await response.json()) as { code?: string }).code];
  }

  it('are shown once, and listed without token and secret, the newest first', async () => {
    const datasetId = await sluice.dataset({ n: 1 });
    const { url, pushUrl } = await create({ datasetId, name: ' first ' });
    expect(url).toMatch(new RegExp(`^${sluice.url}/hooks/slh_[\\w-]{43}$`));
    const settings = { documentUpdateMethod: 'REPLACE', signatureScheme: null, state: 'VALID', expiresAt: null };
    expect(pushUrl).toMatchObject({ name: 'first', datasetId, ...settings, lastUsedAt: null });
    await create({ datasetId, name: 'second', signature: { scheme: 'GITHUB', secret: SECRET } });
    expect(await statusOf(url)).toEqual([202, undefined]);
    const list = await until('the use is recorded', async () => {
      const { pushUrls } = await sluice.query(ReadPushUrlsDocument, { datasetId });
      return pushUrls.nodes[1]?.lastUsedAt ? pushUrls : undefined;
    });
    expect(list.totalCount).toBe(2);
    expect(list.nodes.map(({ name, signatureScheme }) => [name, signatureScheme])).toEqual([
      ['second', 'GITHUB'],
      ['first', null],
    ]);
    expect(new Date(list.nodes[1]?.lastUsedAt ?? '').getTime() % 60_000).toBe(0);
    const page = await sluice.query(ReadPushUrlsDocument, { datasetId, first: 1 });
    const after = page.pushUrls.pageInfo.endCursor;
    const next = await sluice.query(ReadPushUrlsDocument, { datasetId, first: 1, after });
    expect([page, next].map(({ pushUrls }) => pushUrls.nodes[0]?.name)).toEqual(['second', 'first']);
  });

  it('are made, listed and revoked by keys with the scope MANAGE only', async () => {
    const datasetId = await sluice.dataset({ n: 1 });
    const { pushUrl } = await create({ datasetId });
    const input = { name: 'pusher', scopes: ['PUSH', 'READ'] as const };
    const { secret } = (await sluice.query(CreateApiKeyDocument, { input: { ...input, scopes: [...input.scopes] } }))
      .createApiKey;
    for (const [document, variables] of [
      [CreatePushUrlDocument, { input: { name: 'x', datasetId } }],
      [ReadPushUrlsDocument, { datasetId }],
      [RevokePushUrlDocument, { id: pushUrl.id }],
    ] as const) {
      const { body } = await sluice.post('/graphql', { query: print(document), variables }, { 'x-api-key': secret });
      expect(body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    }
  });

  it('refuse settings that cannot be, without repeating a secret', async () => {
    const datasetId = await sluice.dataset({ n: 1 });
    for (const [settings, code] of [
      [{ datasetId: 'none' }, 'NOT_FOUND'],
      [{ datasetId, name: '' }, 'BAD_REQUEST'],
      [{ datasetId, expiresAt: new Date(0).toISOString() }, 'BAD_REQUEST'],
      [{ datasetId, signature: { scheme: 'STANDARD_WEBHOOKS' as const, secret: SECRET } }, 'BAD_REQUEST'],
    ] as const) {
      const { errors } = await sluice.execute(CreatePushUrlDocument, { input: { name: 'x', ...settings } });
      expect(errors?.[0]?.extensions?.code).toBe(code);
      expect(JSON.stringify(errors)).not.toContain(SECRET);
    }
    const { errors } = await sluice.execute(ReadPushUrlsDocument, { datasetId: 'none' });
    expect(errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
  });

  it('end in every process when they are revoked, and not before', async () => {
    const other = await startSluice({ MONGODB_URL: sluice.database.url });
    try {
      const { url, pushUrl } = await create({ datasetId: await sluice.dataset({ n: 1 }) });
      const there = url.replace(sluice.url, other.url);
      expect([await statusOf(url), await statusOf(there)]).toEqual([
        [202, undefined],
        [202, undefined],
      ]);
      const { revokePushUrl } = await other.query(RevokePushUrlDocument, { id: pushUrl.id });
      expect(revokePushUrl.state).toBe('REVOKED');
      expect([await statusOf(url), await statusOf(there)]).toEqual([
        [404, 'NOT_FOUND'],
        [404, 'NOT_FOUND'],
      ]);
      const again = await sluice.query(RevokePushUrlDocument, { id: pushUrl.id });
      expect(again.revokePushUrl.revokedAt).toBe(revokePushUrl.revokedAt);
    } finally {
      await other.close();
    }
  });

  it('look the same when they are revoked, expired, unknown, or of a deleted dataset', async () => {
    const [kept, gone] = [await sluice.dataset({ n: 1 }), await sluice.dataset({ n: 1 })];
    const revoked = await create({ datasetId: kept });
    await sluice.query(RevokePushUrlDocument, { id: revoked.pushUrl.id });
    const ends = new Date(Date.now() + 1_000);
    const expired = await create({ datasetId: kept, expiresAt: ends.toISOString() });
    const deleted = await create({ datasetId: gone });
    await sluice.query(DeleteDatasetDocument, { id: gone });
    await until('the push URL expires', async () => Date.now() > ends.getTime() || undefined);
    const unknown = `${sluice.url}/hooks/slh_${'x'.repeat(43)}`;
    const bodies = [revoked.url, expired.url, deleted.url, unknown, `${sluice.url}/hooks/x`].map(async (url) => {
      const response = await fetch(url, RECORD);
      return `${response.status} ${await response.text()}`;
    });
    expect(new Set(await Promise.all(bodies)).size).toBe(1);
    expect(await bodies[0]).toMatch(/^404 .*"code":"NOT_FOUND"/);
  });

  it('are good for nothing but pushing: no other method, path, key or websocket takes the token', async () => {
    const datasetId = await sluice.dataset({ n: 1 });
    const { url } = await create({ datasetId });
    for (const method of ['GET', 'PUT', 'DELETE', 'HEAD']) {
      const response = await fetch(url, { method });
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'POST, OPTIONS']);
    }
    expect((await fetch(`${url}/status`)).status).toBe(404);
    const token = url.slice(url.lastIndexOf('/') + 1);
    for (const path of [`/dataload/${datasetId}`, '/graphql']) {
      const headers = { ...RECORD.headers, 'x-api-key': token };
      expect((await fetch(`${sluice.url}${path}`, { ...RECORD, headers })).status).toBe(401);
    }
  });

  it('appear in no response, and in no line of the log', async () => {
    const datasetId = await sluice.dataset({ n: 1 });
    const { url } = await create({ datasetId, signature: { scheme: 'STRIPE', secret: SECRET } });
    const token = url.slice(url.lastIndexOf('/') + 1);
    // Somebody who mistypes the prefix has sent the rest of the secret all the same.
    const answers = [...(await answersTo(token)), ...(await answersTo(token.replace('slh_', 'shl_')))];
    answers.push(await raw('GET', `/dataload/${token}/status`), await raw('GET', `/nowhere/${token}`));
    await sluice.app.close();
    expect(answers.map((answer) => /^\d+|(?<=HTTP\/1.1 )\d+/.exec(answer)?.[0])).not.toContain(undefined);
    const said = [...answers, ...logged].join('\n');
    expect(said).not.toContain(token.slice(10));
    expect(said).not.toContain(SECRET);
    for (const shown of ['/hooks/***', 'slh_***', 'there is no websocket at /hooks/***']) expect(said).toContain(shown);
  });

  async function answersTo(token: string): Promise<string[]> {
    return [
      await raw('POST', `/hooks/${token}`, '{"n": 1}'),
      await raw('GET', `/hooks/${token}`),
      await raw('PURGE', `/hooks/${token}?a=${token}`),
      await raw('POST', `/hooks/${token}/more`),
      await raw('POST', `//hooks/${token}`),
      await raw('POST', `/hooks/%zz${token}`),
      await raw('POST', `/%68ooks/${token}`, 'x'),
      await raw('GET', `/%68ooks/%73${token.slice(1)}`),
      await raw('GET', `/hooks/${token}`, undefined, { connection: 'upgrade', upgrade: 'websocket' }),
      await sent(`POST /hooks/${token} HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n`),
      await sent(`POST /hooks/${token} HTTP/9.1\r\n\r\n`),
      await sent(`CONNECT /hooks/${token} HTTP/1.1\r\nhost: x\r\n\r\n`),
      await sent(`POST /hooks/${token} HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`),
    ];
  }

  /** One request with an unchanged path; returns the status, the headers and the body. */
  function raw(method: string, path: string, body?: string, more = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { method, path, port: new URL(sluice.url).port, headers: { 'x-api-key': API_KEY, ...more } };
      const request = httpRequest(options, async (response) => {
        resolve(`${response.statusCode} ${JSON.stringify(response.headers)} ${await text(response)}`);
      });
      request.on('error', reject).end(body);
    });
  }

  async function sent(bytes: string): Promise<string> {
    const socket = connect(Number(new URL(sluice.url).port), '127.0.0.1');
    socket.write(bytes);
    return text(socket);
  }
});
