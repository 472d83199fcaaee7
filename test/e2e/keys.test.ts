import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

describe('keys', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  /** Sends header lines unchanged: fetch would join lines with the same name. */
  function raw(path: string, headers: string[], method = 'GET'): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const { host } = new URL(sluice.url);
      const sent = httpRequest(`${sluice.url}${path}`, { method, headers: ['host', host, ...headers] }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  it.each(['/', '/healthz', '/readyz'])('are not needed at %s', async (path) => {
    expect((await raw(path, [])).status).toBe(200);
  });

  it.each([
    ['GET', '/dataload/x/status'],
    ['GET', '/dataload/x/errors'],
    ['POST', '/dataload/postdata'],
    ['POST', '/dataload/x'],
    ['POST', '/graphql'],
    ['GET', '/graphql?query=%7B__typename%7D'],
    ['GET', '/nowhere'],
    ['POST', '/healthz'],
  ])('are needed for %s %s: otherwise 401 with a code', async (method, path) => {
    for (const headers of [[], ['x-api-key', 'wrong'], ['x-api-key', ''], ['authorization', 'Bearer wrong']]) {
      const { status, body } = await raw(path, headers, method);
      expect(status).toBe(401);
      const parsed = JSON.parse(body);
      expect(parsed.code ?? parsed.errors[0].extensions.code).toBe('UNAUTHENTICATED');
      expect(body).not.toContain('stack');
    }
  });

  it('may be sent twice, and are refused if they differ', async () => {
    expect((await raw('/nowhere', ['x-api-key', API_KEY, 'x-api-key', API_KEY])).status).toBe(404);
    expect((await raw('/nowhere', ['x-api-key', API_KEY, 'authorization', `Bearer ${API_KEY}`])).status).toBe(404);
    for (const second of [
      ['x-api-key', 'other'],
      ['authorization', 'other'],
      ['authorization', 'Bearer the other'],
    ]) {
      const { status, body } = await raw('/nowhere', ['x-api-key', API_KEY, ...second]);
      expect([status, JSON.parse(body).detail]).toEqual([401, expect.stringContaining('two different API keys')]);
    }
  });

  it('are not read from another scheme of Authorization, which may be meant for a proxy', async () => {
    expect((await raw('/nowhere', ['x-api-key', API_KEY, 'authorization', 'Basic eDp5'])).status).toBe(404);
    expect((await raw('/nowhere', ['authorization', 'Basic eDp5'])).status).toBe(401);
  });

  it('are stored only as hashes', async () => {
    const stored = await sluice.database.db.collection('api_keys').find().toArray();
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(API_KEY);
    expect(stored[0]?.secretHash.buffer).toHaveLength(32);
  });

  it.each([
    ['none', {}],
    ['a wrong one', { 'x-api-key': 'wrong' }],
    ['one that is not a text', { 'x-api-key': { toString: 1 } }],
  ])('closes a websocket with %s', async (_name, params) => {
    const client = sluice.socket(params);
    const closed = new Promise((resolve) => client.on('closed', resolve));
    const results = client.iterate({ query: '{ __typename }' });
    await expect(results.next()).rejects.toMatchObject({
      code: 4403,
      reason: expect.stringContaining('UNAUTHENTICATED'),
    });
    expect(await closed).toMatchObject({ code: 4403 });
  });
});
