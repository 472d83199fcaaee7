import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { startApp } from '../../src/start-app.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { CreateApiKeyDocument, type CreateApiKeyInput } from '../generated/graphql.js';
import { storeEnv } from '../support/mongod.js';
import { type Sluice, startSluice } from '../support/sluice.js';
import { until } from '../support/until.js';

const LIMITS = { SLUICE_RATE_LIMIT_REQUESTS: '5', SLUICE_RATE_LIMIT_BYTES: '100000' };

describe('rate limits', () => {
  let sluice: Sluice;
  let dataset: string;
  beforeAll(async () => {
    sluice = await startSluice(LIMITS);
    dataset = await sluice.dataset({ t: 'x' });
  });
  afterAll(() => sluice.close());

  async function key(input: Partial<CreateApiKeyInput> = {}): Promise<string> {
    const made = await sluice.query(CreateApiKeyDocument, { input: { name: 'a', scopes: ['PUSH'], ...input } });
    return made.createApiKey.secret;
  }

  async function push(secret: string, t = 'x', url = sluice.url): Promise<Response> {
    const headers = { 'x-api-key': secret, 'content-type': 'application/json' };
    return fetch(`${url}/dataload/${dataset}`, { method: 'POST', headers, body: JSON.stringify([{ t }]) });
  }

  const statuses = async (secret: string, times: number) => {
    const found: number[] = [];
    for (let n = 0; n < times; n++) found.push((await push(secret)).status);
    return found;
  };

  it('refuse what is too much with 429 and Retry-After, and nothing of it is stored', async () => {
    const secret = await key();
    const first = await push(secret);
    expect([first.status, first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')]).toEqual([
      202,
      '5',
      '4',
    ]);
    expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=5;w=60');
    expect(await statuses(secret, 4)).toEqual([202, 202, 202, 202]);
    const jobs = () => sluice.database.db.collection('jobs').countDocuments({ datasetId: dataset });
    const accepted = await jobs();
    const refused = await push(secret);
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect([seconds > 0, seconds <= 60, refused.headers.get('ratelimit-remaining')]).toEqual([true, true, '0']);
    expect(refused.headers.get('ratelimit-reset')).toBe(String(seconds));
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: seconds });
    expect(await jobs()).toBe(accepted);
    const graphql = await sluice.post('/graphql', { query: '{ __typename }' }, { 'x-api-key': secret });
    expect([graphql.status, graphql.body]).toMatchObject([429, { errors: [{ extensions: { code: 'RATE_LIMITED' } }] }]);
  });

  it('hold for each key by itself', async () => {
    const [one, other] = [await key(), await key()];
    expect((await statuses(one, 6)).at(-1)).toBe(429);
    expect((await push(other)).status).toBe(202);
  });

  it('do not hold for MANAGE keys, unless they have one of their own', async () => {
    const free = await key({ scopes: ['MANAGE'] });
    expect(new Set(await statuses(free, 8))).toEqual(new Set([202]));
    expect((await push(free)).headers.get('ratelimit-limit')).toBeNull();
    const limited = await key({ scopes: ['MANAGE'], rateLimit: { requestsPerMinute: 2 } });
    expect(await statuses(limited, 3)).toEqual([202, 202, 429]);
  });

  it('count bytes after decompression, and the body that uses them up is still taken', async () => {
    const secret = await key({ rateLimit: { bytesPerMinute: 1_000 } });
    expect((await push(secret, 'x'.repeat(600))).headers.get('ratelimit-remaining')).toBe('1000');
    const second = await push(secret, 'x'.repeat(600));
    expect([second.status, second.headers.get('ratelimit-policy')]).toEqual([202, '"bytes";q=1000;w=60']);
    expect((await push(secret)).status).toBe(429);
  });

  it('count the bytes of bodies that are refused', async () => {
    const small = await startSluice({ SLUICE_MAX_PAYLOAD_BYTES: '10000' });
    try {
      for (const body of ['no gzip'.repeat(200), gzipSync(Buffer.alloc(20_000))]) {
        const input = { name: 'a', scopes: ['PUSH' as const], rateLimit: { bytesPerMinute: 1_000 } };
        const { secret } = (await small.query(CreateApiKeyDocument, { input })).createApiKey;
        const headers = { 'x-api-key': secret, 'content-encoding': 'gzip' };
        const send = async () => (await small.post('/dataload/any', body, headers)).body.code;
        expect([await send(), await send()]).toEqual([
          expect.stringMatching(/^(BAD_REQUEST|PAYLOAD_TOO_LARGE)$/),
          'RATE_LIMITED',
        ]);
      }
    } finally {
      await small.close();
    }
  });

  it('count the operations of websockets', async () => {
    const secret = await key({ scopes: ['READ'], rateLimit: { requestsPerMinute: 2 } });
    const client = sluice.socket({ 'x-api-key': secret });
    const ask = async () => {
      for await (const result of client.iterate({ query: '{ __typename }' })) return result;
      return null;
    };
    expect([await ask(), await ask()]).toEqual([{ data: { __typename: 'Query' } }, { data: { __typename: 'Query' } }]);
    await expect(ask()).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  });

  it('count the bytes of websockets, and close one that goes on with large messages', async () => {
    const secret = await key({ scopes: ['READ'], rateLimit: { bytesPerMinute: 1_000 } });
    const client = sluice.socket({ 'x-api-key': secret });
    const ask = async (size: number) => {
      const query = `{ __typename } # ${'x'.repeat(size)}`;
      for await (const result of client.iterate({ query })) return result;
      return null;
    };
    expect(await ask(10)).toEqual({ data: { __typename: 'Query' } });
    await ask(1_000).catch(() => null);
    await expect(ask(10)).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    await expect(ask(100_000)).rejects.toMatchObject({ code: 1013, reason: expect.stringMatching(/^RATE_LIMITED: /) });
  });

  it('are shared by the processes of a database', async () => {
    const env = { ...storeEnv(), ...LIMITS, MONGODB_URL: sluice.database.url, PORT: '0', SLUICE_ROLE: 'api' };
    const second = await startApp(readConfig(env), createLogger('silent'), () => undefined);
    try {
      const secret = await key({ rateLimit: { requestsPerMinute: 100 } });
      const left = async (url: string) => Number((await push(secret, 'x', url)).headers.get('ratelimit-remaining'));
      for (let n = 0; n < 40; n++) await push(secret);
      await until('the uses of the other process', async () => (await left(second.url)) < 60);
      await until('the uses of the other process', async () => (await left(sluice.url)) < 55);
    } finally {
      await second.close();
    }
  });

  it.each([
    [{ requestsPerMinute: 0 }, /input.rateLimit.requestsPerMinute is 0; give a whole number above 0/],
    [{ bytesPerMinute: 1.5 }, /input.rateLimit.bytesPerMinute is 1.5/],
  ])('cannot be %j', async (rateLimit, message) => {
    const input = { name: 'a', scopes: ['PUSH' as const], rateLimit };
    const { errors } = await sluice.execute(CreateApiKeyDocument, { input });
    expect(errors?.[0]?.message).toMatch(message);
  });
});
