import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { API_KEY, type Sluice, startSluice } from '../support/sluice.js';

const PAGE = 'https://app.example';
const EVIL = 'https://app.example.evil';

/** Headers of a request as a browser sends it from a page; `fetch` of Node sends any Origin that it is given. */
const from = (origin: string, headers: Record<string, string> = {}) => ({ origin, 'x-api-key': API_KEY, ...headers });

describe('a web page', () => {
  let sluice: Sluice;
  let closed: Sluice;
  let id: string;
  beforeAll(async () => {
    sluice = await startSluice({ SLUICE_CORS_ORIGINS: `${PAGE}, http://localhost:5173` });
    closed = await startSluice();
    id = await sluice.dataset({ n: 1 });
  });
  afterAll(async () => {
    await sluice.close();
    await closed.close();
  });

  function preflight(to: Sluice, path: string, origin: string): Promise<Response> {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' };
    return fetch(`${to.url}${path}`, { method: 'OPTIONS', headers: { origin, ...asked } });
  }

  /** The code or reason with which an upgrade ends, or 101. */
  async function upgrade(to: Sluice, headers: Record<string, string>): Promise<{ status: number; text: string }> {
    const socket = new WebSocket(`${to.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    const opened = once(socket, 'open').then(() => {
      socket.terminate();
      return { status: 101, text: '' };
    });
    const refused = once(socket, 'unexpected-response').then(async ([, response]) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      return { status: Number(response.statusCode), text };
    });
    return Promise.race([opened, refused]);
  }

  it.each(['/graphql', '/dataload/x', '/hooks/x', '/nowhere'])(
    'of a named origin gets its preflight answered without a key: %s',
    async (path) => {
      const answer = await preflight(sluice, path, PAGE);
      expect([answer.status, answer.headers.get('vary')]).toEqual([204, 'Origin']);
      expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
      const allowed = answer.headers.get('access-control-allow-headers')?.split(', ');
      expect(allowed).toEqual(
        expect.arrayContaining(['x-api-key', 'authorization', 'content-type', 'idempotency-key']),
      );
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    },
  );

  it('of a named origin can read results and refusals, with their headers', async () => {
    const tooLarge = { method: 'POST', body: 'x'.repeat(10_500_000) };
    const json = { 'content-type': 'application/json' };
    const answers = await Promise.all([
      fetch(`${sluice.url}/graphql`, {
        method: 'POST',
        headers: from(PAGE, json),
        body: '{"query":"{ __typename }"}',
      }),
      fetch(`${sluice.url}/graphql`, { headers: { origin: PAGE } }),
      fetch(`${sluice.url}/dataload/${id}`, { ...tooLarge, headers: from(PAGE, json) }),
      fetch(`${sluice.url}/nowhere`, { headers: from(PAGE) }),
      fetch(`${sluice.url}/dataload/${id}`, { method: 'PUT', headers: from(PAGE) }),
      fetch(`${sluice.url}/%`, { headers: from(PAGE) }),
      fetch(`${sluice.url}/healthz`, { headers: { origin: PAGE } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 413, 404, 405, 400, 200]);
    for (const { headers } of answers) {
      expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([PAGE, 'Origin']);
      const exposed = headers.get('access-control-expose-headers')?.split(', ');
      const needed = ['x-request-id', 'retry-after', 'ratelimit-remaining', 'idempotency-replayed'];
      expect(exposed).toEqual(expect.arrayContaining(needed));
    }
  });

  it('of another origin gets no CORS headers, and no origin is named by default', async () => {
    for (const [to, origin] of [
      [sluice, EVIL],
      [sluice, 'null'],
      [sluice, 'http://app.example'],
      [closed, PAGE],
    ] as const) {
      const answers = [
        await preflight(to, '/graphql', origin),
        await fetch(`${to.url}/graphql?query={__typename}`, { headers: from(origin) }),
      ];
      for (const { headers } of answers) {
        expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
        expect(headers.get('vary')).toBe(to === sluice ? 'Origin' : null);
      }
    }
    expect((await preflight(closed, '/graphql', PAGE)).headers.get('allow')).toBe('GET, POST, OPTIONS');
  });

  it('may open a websocket from a named origin and from the service itself, and from no other', async () => {
    const { host } = new URL(sluice.url);
    for (const origin of [PAGE, 'http://localhost:5173', `http://${host}`, `https://${host}`]) {
      expect([origin, (await upgrade(sluice, { origin })).status]).toEqual([origin, 101]);
    }
    for (const origin of [EVIL, 'null', '', 'nonsense', `ftp://${host}`, `http://${host}.evil`, `http://x@${host}`]) {
      const { status, text } = await upgrade(sluice, { origin });
      expect([origin, status, JSON.parse(text).code]).toEqual([origin, 403, 'FORBIDDEN']);
      expect(text).toContain('SLUICE_CORS_ORIGINS');
    }
    expect((await upgrade(closed, { origin: PAGE })).status).toBe(403);
    expect((await upgrade(closed, {})).status).toBe(101);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
    'changes nothing by a request that needs no preflight, not even through a proxy that adds the key: %s',
    async (type) => {
      const before = (await sluice.values(id)).length;
      const mutation = `mutation { pushData(input: {datasetId: "${id}", data: [{n: 1}], waitSeconds: 60}) { id } }`;
      const bodies = [
        ['/graphql', JSON.stringify({ query: mutation })],
        ['/graphql', new URLSearchParams({ query: mutation }).toString()],
        ['/dataload/postdata?wait=60', JSON.stringify({ datasetId: id, data: [{ n: 1 }] })],
        [`/dataload/${id}?wait=60`, JSON.stringify({ n: 1 })],
        ['/dataload/deletedata?wait=60', JSON.stringify({ datasetId: id, data: [{ n: 1 }] })],
        ['/dataload/deletealldata?wait=60', JSON.stringify({ datasetId: id })],
      ] as const;
      for (const [path, text] of bodies) {
        const headers = from(EVIL, type === undefined ? {} : { 'content-type': type });
        // A text as the body would get a content type of its own.
        const { status } = await fetch(`${sluice.url}${path}`, { method: 'POST', headers, body: Buffer.from(text) });
        expect([path, status]).toEqual([path, 415]);
      }
      const get = `${sluice.url}/graphql?query=${encodeURIComponent(mutation)}`;
      expect((await fetch(get, { headers: from(EVIL) })).status).toBe(405);
      expect((await sluice.values(id)).length).toBe(before);
    },
  );
});

describe('every response', () => {
  let sluice: Sluice;
  beforeAll(async () => {
    sluice = await startSluice();
  });
  afterAll(() => sluice.close());

  it.each([
    '/',
    '/healthz',
    '/readyz',
    '/graphql?query={__typename}',
    '/graphql',
    '/nowhere',
    '/%',
    '/dataload/x/status',
  ])('has an id, and headers that keep browsers from taking it for a page: %s', async (path) => {
    const { headers } = await fetch(`${sluice.url}${path}`, { headers: { 'x-api-key': API_KEY } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it.each([
    ['order-7:a.b_c', 'order-7:a.b_c'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), null],
    ['two words', null],
    ['a,b', null],
    ['"quoted"', null],
    ['\u00e9', null],
  ])('has the id of the client if that is short and well-formed: %s', async (sent, expected) => {
    const { headers } = await fetch(`${sluice.url}/healthz`, { headers: { 'x-request-id': sent } });
    const id = headers.get('x-request-id');
    if (expected === null) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    else expect(id).toBe(expected);
  });

  it('is no page, also for a browser that opens the address of GraphQL', async () => {
    for (const headers of [undefined, { 'x-api-key': API_KEY }]) {
      const answer = await fetch(`${sluice.url}/graphql`, { headers: { ...headers, accept: 'text/html' } });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(await answer.text()).not.toMatch(/<html|<script/i);
    }
  });
});
