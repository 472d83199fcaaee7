import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readConfig } from '../../src/config.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';
import {
  CreateApiKeyDocument,
  CreatePushUrlDocument,
  ReadRefusalsDocument,
  type ReadRefusalsQueryVariables,
  RevokeApiKeyDocument,
} from '../generated/graphql.js';
import { storeEnv } from '../support/mongod.js';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

const UNKNOWN = 'a key that nobody has';
const JWT_SECRET = 'a secret that signs the tokens of this test';

/** Refusals at one process, and what is read of them once it has stopped. */
describe('refusals', () => {
  let sluice: Sluice;
  let dataset: string;
  let program: { id: string; secret: string };
  let revoked: { id: string; secret: string };
  let pushUrl: { id: string; token: string };
  beforeAll(async () => {
    sluice = await startSluice();
    dataset = await sluice.dataset({ n: 1 });
    program = await key('a program');
    revoked = await key('a revoked one');
    await sluice.query(RevokeApiKeyDocument, { id: revoked.id });
    const signature = { scheme: 'GITHUB' as const, secret: 'a secret of the sender' };
    const made = await sluice.query(CreatePushUrlDocument, { input: { name: 'shop', datasetId: dataset, signature } });
    const { id } = made.createPushUrl.pushUrl;
    pushUrl = { id, token: made.createPushUrl.url.split('/').at(-1) ?? '' };
    await refuseAll();
  });
  afterAll(() => sluice.close());

  async function key(name: string) {
    const input = { name, scopes: ['PUSH' as const], datasetIds: [dataset], rateLimit: { requestsPerMinute: 8 } };
    const { createApiKey } = await sluice.query(CreateApiKeyDocument, { input });
    return { id: createApiKey.apiKey.id, secret: createApiKey.secret };
  }

  async function refuseAll(): Promise<void> {
    const env = { ...storeEnv(), MONGODB_URL: sluice.database.url, SLUICE_API_KEY: API_KEY, PORT: '0' };
    const config = readConfig({ ...env, SLUICE_JWT_SECRET: JWT_SECRET, SLUICE_TRUST_PROXY: '127.0.0.1' });
    const app = await startApp(config, createLogger('silent'), () => undefined);
    const post = (path: string, headers: Record<string, string>, body: unknown = [{ n: 1 }]) =>
      fetch(`${app.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const push = (headers: Record<string, string>) => post(`/dataload/${dataset}`, headers);
    await push({});
    await push({ 'x-api-key': UNKNOWN, 'x-forwarded-for': '203.0.113.7' });
    await push({ 'x-api-key': UNKNOWN, 'x-forwarded-for': '203.0.113.7' });
    await post('/graphql', { 'x-api-key': UNKNOWN, 'x-forwarded-for': '203.0.113.7' }, { query: '{ __typename }' });
    await push({ 'x-api-key': UNKNOWN, authorization: `Bearer ${API_KEY}` });
    await push({ 'x-api-key': revoked.secret });
    await push({ authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' });
    await post('/hooks/nothing', {});
    await post(`/hooks/${pushUrl.token}`, {});
    const query = '{ a: connections { totalCount } b: apiKeys { totalCount } }';
    await post('/graphql', { 'x-api-key': program.secret }, { query });
    await fetch(`${app.url}/dataload/nothing/status`, { headers: { 'x-api-key': program.secret } });
    await overWebsocket(app.url, UNKNOWN, '{ __typename }');
    await overWebsocket(app.url, program.secret, '{ connections { totalCount } }');
    const foreign = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, { origin: 'https://other.example' });
    await once(foreign, 'error');
    for (let n = 0; n < 9; n += 1) await push({ 'x-api-key': program.secret });
    await app.close();
  }

  async function overWebsocket(url: string, secret: string, query: string): Promise<void> {
    const connectionParams = { 'x-api-key': secret };
    const address = `${url.replace('http', 'ws')}/graphql`;
    const client = createClient({ url: address, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
    try {
      await client.iterate({ query }).next();
    } catch {
      // The refusal.
    }
    await client.dispose();
  }

  async function read(variables: ReadRefusalsQueryVariables = {}) {
    return (await sluice.query(ReadRefusalsDocument, { first: 1000, ...variables })).refusals;
  }

  /** The sums over all minutes, by reason, caller and address. */
  async function sums(): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const { reason, caller, address, count } of (await read()).nodes) {
      const name = [reason, caller?.name ?? '-', address].join(' ');
      found[name] = (found[name] ?? 0) + count;
    }
    return found;
  }

  it('are counted by reason, caller and address, over REST, GraphQL, websockets and push URLs', async () => {
    const { 'RATE_LIMITED a program 127.0.0.1': limited, ...others } = await sums();
    expect(others).toEqual({
      'NO_CREDENTIAL - 127.0.0.1': 1,
      'UNKNOWN_API_KEY - 203.0.113.7': 3,
      'UNKNOWN_API_KEY - 127.0.0.1': 1,
      'SEVERAL_CREDENTIALS - 127.0.0.1': 1,
      'REVOKED_API_KEY a revoked one 127.0.0.1': 1,
      'REFUSED_VIEWER_TOKEN - 127.0.0.1': 1,
      'UNKNOWN_PUSH_URL - 127.0.0.1': 1,
      'REFUSED_SIGNATURE shop 127.0.0.1': 1,
      'FORBIDDEN a program 127.0.0.1': 3,
      'FORBIDDEN - 127.0.0.1': 1,
    });
    expect(limited).toBeGreaterThan(0);
  });

  it('are counted a minute, newest first, without what was sent', async () => {
    const { nodes, totalCount } = await read();
    expect(totalCount).toBe(nodes.length);
    const minutes = nodes.map(({ minute }) => minute);
    expect(minutes.every((minute) => minute.endsWith(':00.000Z'))).toBe(true);
    expect(minutes).toEqual(minutes.toSorted().toReversed());
    const stored = JSON.stringify(await sluice.database.db.collection('refusals').find().toArray());
    for (const sent of [UNKNOWN, API_KEY, revoked.secret, program.secret, pushUrl.token, 'eyJ']) {
      expect(stored).not.toContain(sent);
    }
  });

  it('are filtered by reason, caller, address and time, and read in pages', async () => {
    const { nodes: all } = await read();
    const [first] = all;
    for (const [filter, keeps] of [
      [{ reasons: ['FORBIDDEN', 'NO_CREDENTIAL'] }, ({ reason }) => ['FORBIDDEN', 'NO_CREDENTIAL'].includes(reason)],
      [{ callerId: program.id }, ({ caller }) => caller?.id === program.id],
      [{ address: '203.0.113.7' }, ({ address }) => address === '203.0.113.7'],
      [{ from: first?.minute }, ({ minute }) => minute === first?.minute],
      [{ to: first?.minute }, ({ minute }) => minute !== first?.minute],
    ] as [ReadRefusalsQueryVariables['filter'], (one: (typeof all)[number]) => boolean][]) {
      expect([filter, (await read({ filter })).nodes]).toEqual([filter, all.filter(keeps)]);
    }
    const page = await read({ first: 2 });
    const rest = await read({ after: page.pageInfo.endCursor });
    expect([...page.nodes, ...rest.nodes]).toEqual(all);
  });

  it('are FORBIDDEN to other keys, and removed after 30 days', async () => {
    const { createApiKey } = await sluice.query(CreateApiKeyDocument, { input: { name: 'r', scopes: ['READ'] } });
    const headers = { 'x-api-key': createApiKey.secret };
    const { body } = await sluice.post('/graphql', { query: '{ refusals { totalCount } }' }, headers);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    const indexes = await sluice.database.db.collection('refusals').indexes();
    expect(indexes.find(({ key: keys }) => keys.minute === 1)?.expireAfterSeconds).toBe(30 * 86_400);
  });
});
