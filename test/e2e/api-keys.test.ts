import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';
import {
  CreateApiKeyDocument,
  type CreateApiKeyInput,
  ReadApiKeysDocument,
  RevokeApiKeyDocument,
  RotateApiKeyDocument,
} from '../generated/graphql.js';
import { storeEnv } from '../support/mongod.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

describe('API keys', () => {
  let sluice: Sluice;
  let dataset: string;
  let other: string;
  beforeAll(async () => {
    sluice = await startSluice();
    dataset = await sluice.dataset({ n: 1 });
    other = await sluice.dataset({ n: 1 });
    await sluice.push(dataset, [{ n: 1 }, { n: 2 }]);
  });
  afterAll(() => sluice.close());

  async function key(input: Partial<CreateApiKeyInput>) {
    const made = await sluice.query(CreateApiKeyDocument, { input: { name: 'a', scopes: ['PUSH'], ...input } });
    return { ...made.createApiKey.apiKey, secret: made.createApiKey.secret };
  }

  /** The code of a GraphQL request with this key; OK if it succeeds. */
  async function codeOf(secret: string, query: string): Promise<unknown> {
    const { status, body } = await sluice.post('/graphql', { query }, { 'x-api-key': secret });
    const [error] = (body as { errors?: { extensions: { code: string } }[] }).errors ?? [];
    return error?.extensions.code ?? body.code ?? (status === 200 ? 'OK' : status);
  }

  const push = (secret: string, id: string) => sluice.post(`/dataload/${id}`, [{ n: 3 }], { 'x-api-key': secret });
  const rows = (id: string) => `{ dataset(id: "${id}") { name records { totalCount nodes { values } } } }`;

  it('with the scope PUSH push, delete and see jobs of their datasets, and do nothing else', async () => {
    const { secret } = await key({ scopes: ['PUSH'], datasetIds: [dataset] });
    const { status, body } = await push(secret, dataset);
    expect(status).toBe(202);
    const seen = await sluice.request(`/dataload/${body.jobId}/status`, { headers: { 'x-api-key': secret } });
    expect(seen.status).toBe(200);
    const errors = await sluice.request(`/dataload/${body.jobId}/errors`, { headers: { 'x-api-key': secret } });
    expect(errors.status).toBe(200);
    const filter = `deleteData(input: {datasetId: "${dataset}", where: {column: "n", op: EQ, value: 3}}) { id }`;
    expect(await codeOf(secret, `mutation { ${filter} }`)).toBe('OK');

    expect((await push(secret, other)).status).toBe(403);
    const foreign = await sluice.push(other, [{ n: 1 }]);
    const hidden = await sluice.request(`/dataload/${foreign.id}/status`, { headers: { 'x-api-key': secret } });
    expect([hidden.status, hidden.body.code]).toEqual([403, 'FORBIDDEN']);
    for (const query of [
      rows(dataset),
      `{ dataset(id: "${dataset}") { rowCount } }`,
      `{ dataset(id: "${dataset}") { design { revision } } }`,
      `{ dataset(id: "${dataset}") { quarantine { totalCount } } }`,
      `{ dataset(id: "${other}") { id } }`,
      '{ connections { totalCount } }',
      '{ apiKeys { totalCount } }',
      '{ inferFields(sample: {a: 1}) { path } }',
      `mutation { applyChanges(datasetId: "${dataset}") { dataset { id } } }`,
      `mutation { deleteDataset(id: "${dataset}") }`,
      'mutation { createApiKey(input: {name: "more", scopes: [MANAGE]}) { secret } }',
    ]) {
      expect([query, await codeOf(secret, query)]).toEqual([query, 'FORBIDDEN']);
    }
  });

  it('with the scope READ read rows, but not those of a dataset with a security name', async () => {
    const { secret } = await key({ scopes: ['READ'] });
    expect(await codeOf(secret, rows(dataset))).toBe('OK');
    expect((await push(secret, dataset)).status).toBe(403);
    const secured = await sluice.dataset({ owner: 'a' });
    await sluice.push(secured, [{ owner: 'a' }]);
    expect(await codeOf(secret, rows(secured))).toBe('OK');
    await sluice.edit(secured, { columns: [{ id: 'owner', securityName: 'owner' }] });
    await sluice.apply(secured);
    expect(await codeOf(secret, rows(secured))).toBe('FORBIDDEN');
    expect(await codeOf(secret, `{ dataset(id: "${secured}") { rowCount } }`)).toBe('FORBIDDEN');
    expect(await codeOf(API_KEY, rows(secured))).toBe('OK');
  });

  it('list only the datasets that they are for', async () => {
    const { secret } = await key({ scopes: ['READ'], datasetIds: [dataset] });
    const list = await sluice.post(
      '/graphql',
      { query: '{ datasets { totalCount nodes { id } } }' },
      { 'x-api-key': secret },
    );
    expect(list.body).toEqual({ data: { datasets: { totalCount: 1, nodes: [{ id: dataset }] } } });
  });

  it('are refused from the moment when they are revoked, for ever, and the reason is said to their owner', async () => {
    const { id, secret } = await key({ name: 'short lived' });
    expect((await push(secret, dataset)).status).toBe(202);
    const { revokeApiKey } = await sluice.query(RevokeApiKeyDocument, { id });
    const refused = await push(secret, dataset);
    expect([refused.status, refused.body.detail]).toEqual([
      401,
      expect.stringContaining(`"short lived" was revoked at ${revokeApiKey.revokedAt}`),
    ]);
    const again = await sluice.query(RevokeApiKeyDocument, { id });
    expect(again.revokeApiKey).toEqual({ id, state: 'REVOKED', revokedAt: revokeApiKey.revokedAt });
  });

  it('are refused once they have expired', async () => {
    const end = new Date(Date.now() + 300);
    const { secret } = await key({ expiresAt: end.toISOString() });
    const answers: number[] = [];
    await until('the end of the key', async () => {
      answers.push((await push(secret, dataset)).status);
      return answers.at(-1) === 401;
    });
    expect(Date.now()).toBeGreaterThanOrEqual(end.getTime());
    expect((await push(secret, dataset)).body.detail).toContain(`expired at ${end.toISOString()}`);
  });

  it('keep their id when they are rotated, and the secret before stays valid for the stated time', async () => {
    const { id, secret } = await key({ datasetIds: [dataset] });
    const second = (await sluice.query(RotateApiKeyDocument, { id, overlapSeconds: 600 })).rotateApiKey;
    expect(second.apiKey).toEqual({ id, prefix: second.secret.slice(0, 12) });
    expect([(await push(secret, dataset)).status, (await push(second.secret, dataset)).status]).toEqual([202, 202]);
    const headers = { 'idempotency-key': 'kept', 'x-api-key': secret };
    const first = await sluice.post(`/dataload/${dataset}`, [{ n: 4 }], headers);
    const replay = await sluice.post(`/dataload/${dataset}`, [{ n: 4 }], { ...headers, 'x-api-key': second.secret });
    expect(replay.body).toEqual({ jobId: first.body.jobId, replayed: true });
    const third = (await sluice.query(RotateApiKeyDocument, { id, overlapSeconds: 0 })).rotateApiKey;
    const states = [secret, second.secret, third.secret].map(async (one) => (await push(one, dataset)).status);
    expect(await Promise.all(states)).toEqual([401, 401, 202]);
  });

  it('show their prefix and when they were used, and never their secret or its hash', async () => {
    const { id, secret, prefix } = await key({ name: 'used' });
    expect(secret).toMatch(/^slk_[\w-]{43}$/);
    expect(prefix).toBe(secret.slice(0, 12));
    const find = async () => {
      const { apiKeys } = await sluice.query(ReadApiKeysDocument, { first: 1000 });
      return apiKeys.nodes.find((one) => one.id === id);
    };
    expect((await find())?.lastUsedAt).toBeNull();
    await push(secret, dataset);
    await until('the use of the key', async () => (await find())?.lastUsedAt != null);
    const at = new Date(String((await find())?.lastUsedAt));
    expect([at.getSeconds(), at.getMilliseconds(), Date.now() - at.getTime() < 120_000]).toEqual([0, 0, true]);
    const stored = await sluice.database.db.collection('api_keys').find().toArray();
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it.each<[Partial<CreateApiKeyInput>, string, RegExp]>([
    [{ scopes: [] }, 'BAD_REQUEST', /input.scopes is empty/],
    [{ name: ' ' }, 'BAD_REQUEST', /input.name is empty/],
    [{ datasetIds: [] }, 'BAD_REQUEST', /input.datasetIds is empty/],
    [{ datasetIds: ['nowhere'] }, 'NOT_FOUND', /no dataset with the id "nowhere"/],
    [{ scopes: ['MANAGE'], datasetIds: ['x'] }, 'BAD_REQUEST', /MANAGE is for all datasets/],
    [{ datasetIds: Array.from({ length: 1_001 }, String) }, 'BAD_REQUEST', /has 1001 ids; give at most 1000/],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'BAD_REQUEST', /2020-01-01T00:00:00.000Z, which is over/],
  ])('are not created from %j', async (input, code, message) => {
    const { errors } = await sluice.execute(CreateApiKeyDocument, { input: { name: 'a', scopes: ['PUSH'], ...input } });
    expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code } }]);
  });

  it('cannot be rotated once revoked, and the configured one cannot at all', async () => {
    const { id } = await key({});
    await sluice.query(RevokeApiKeyDocument, { id });
    const configured = (await sluice.query(ReadApiKeysDocument, { first: 1000 })).apiKeys.nodes.at(-1);
    expect(configured).toMatchObject({ name: 'configured', prefix: '' });
    for (const [one, why] of [
      [id, /is revoked/],
      [configured?.id ?? '', /SLUICE_API_KEY; change it there/],
      ['nowhere', /no API key with the id "nowhere"/],
    ] as const) {
      const { errors } = await sluice.execute(RotateApiKeyDocument, { id: one });
      expect(errors?.[0]?.message).toMatch(why);
    }
  });

  it('in SLUICE_API_KEY end when another one is configured', async () => {
    const next = 'the key that replaces the other';
    const env = { ...storeEnv(), MONGODB_URL: sluice.database.url, PORT: '0', SLUICE_ROLE: 'api' };
    const start = (secret: string): Promise<App> =>
      startApp(readConfig({ ...env, SLUICE_API_KEY: secret }), createLogger('silent'), () => undefined);
    const second = await start(next);
    expect([await codeOf(next, rows(dataset)), await codeOf(API_KEY, rows(dataset))]).toEqual([
      'OK',
      'UNAUTHENTICATED',
    ]);
    await second.close();
    const third = await start(API_KEY);
    expect([await codeOf(next, rows(dataset)), await codeOf(API_KEY, rows(dataset))]).toEqual([
      'UNAUTHENTICATED',
      'OK',
    ]);
    await third.close();
  });
});
