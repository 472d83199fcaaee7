import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { failingServer, key, SECRET, waiting, watches } from '../../test/support/failing-server.js';
import { CALLER } from '../../test/support/lane.js';
import { until } from '../../test/support/until.js';
import { memoryBudget } from '../adapters/memory/memory-budget.js';
import { accessOfScopes } from '../domain/security/scopes.js';
import { FOREIGN_STORAGE } from '../ports/storage-health.js';
import type { Logger } from '../telemetry/logger.js';
import { createLogger } from '../telemetry/logger.js';
import type { SluiceServer } from './server.js';

interface Refusal {
  code?: string;
  errors?: { extensions: { code: string } }[];
}

describe('the server', () => {
  const logged: unknown[][] = [];
  const logger: Logger = createLogger('silent');
  logger.error = (...what: unknown[]) => void logged.push(what);
  const memory = memoryBudget(1_000_000);
  let server: SluiceServer;
  let host: string;
  beforeAll(async () => {
    ({ server, host } = await failingServer({ logger, memory }));
  });
  afterAll(() => server.close());

  async function subscribed(): Promise<{ socket: WebSocket; signal: AbortSignal }> {
    const socket = new WebSocket(`ws://${host}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    const before = watches.length;
    const payload = { query: 'subscription { jobStatusChanged(jobId: "x") { id } }' };
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    while (watches.length === before) await new Promise(setImmediate);
    const signal = watches[before];
    if (!signal) throw new Error('the watch has no signal');
    return { socket, signal };
  }

  it('shows a client nothing of an internal error except the id under which it was logged', async () => {
    const headers = { 'x-api-key': 'k', 'x-request-id': 'order-7' };
    const rest = await fetch(`http://${host}/dataload/x/status`);
    const body = (await rest.json()) as { detail: string };
    expect([rest.status, body]).toEqual([500, expect.objectContaining({ code: 'INTERNAL' })]);
    const graphql = await fetch(`http://${host}/graphql?query={job(id:1){id}}`, { headers });
    const { errors } = (await graphql.json()) as { errors: [{ message: string; extensions: { code: string } }] };
    expect(errors[0].extensions).toEqual({ code: 'INTERNAL' });
    expect(logged).toHaveLength(2);
    const ids = [rest, graphql].map((answer) => answer.headers.get('x-request-id'));
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'order-7']);
    for (const [index, text] of [body.detail, errors[0].message].entries()) {
      const [{ err, requestId }] = logged[index] as [{ err: Error; requestId: string }];
      expect([requestId, text.includes(requestId), text.includes(SECRET), err.message]).toEqual([
        ids[index],
        true,
        false,
        SECRET,
      ]);
    }
  });

  it('cuts the connection of a client that takes too long to read an answer', async () => {
    const all =
      'fragment All on __Schema { types { name description fields { name description args { name description } } inputFields { name description } } }';
    const aliases = Array.from({ length: 90 }, (_, n) => `a${n}: __schema { ...All }`);
    const body = JSON.stringify({ query: `${all} { ${aliases.join(' ')} }` });
    const request = `POST /graphql HTTP/1.1\r\nhost: x\r\nx-api-key: k\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    /** What a client receives that takes so many milliseconds to read the first two megabytes, if an answer may take so long. */
    const received = async (longestAnswerMs: number, readingMs: number) => {
      const options = { logger, closeGraceMs: 50, maxPayloadBytes: 100_000, longestAnswerMs };
      const { server: one, host: to } = await failingServer(options);
      const socket = connect(Number(to.split(':')[1]), '127.0.0.1');
      socket.write(request);
      let answer = '';
      socket.on('data', (data) => {
        answer += String(data);
        if (answer.length >= 2_000_000) return;
        socket.pause();
        setTimeout(() => socket.resume(), (data.length / 2_000_000) * readingMs);
      });
      socket.on('error', () => undefined);
      await once(socket, 'close');
      await one.close();
      return answer;
    };
    // Once before it is timed: what runs for the first time may take ten times as long.
    await received(60_000, 0);
    const begun = performance.now();
    const whole = await received(60_000, 0);
    const ms = performance.now() - begun;
    expect(whole.endsWith('}')).toBe(true);
    // Of ten megabytes, the system keeps some for the client.
    const cut = await received(1_000 + 3 * ms, 2_000 + 6 * ms);
    expect(cut).toMatch(/^HTTP\/1.1 200/);
    expect(cut.length).toBeLessThan(whole.length);
  });

  it('cuts the connection of a client whose answer waits for too long for that to an earlier request', async () => {
    const { server: one, host: to } = await failingServer({ logger, closeGraceMs: 50, longestAnswerMs: 200 });
    const before = waiting.length;
    const [name, port] = to.split(':');
    const socket = connect(Number(port), name);
    let received = '';
    socket.on('data', (data) => {
      received += String(data);
    });
    const head = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\nx-api-key: k\r\n\r\n`;
    socket.write(head('/dataload/slow/errors') + head('/graphql?query={__typename}'));
    await once(socket, 'close');
    expect([received, waiting.length]).toEqual(['', before + 1]);
    waiting.pop()?.();
    await one.close();
  });

  it('asks browsers to stay on HTTPS only if clients reach the service by it', async () => {
    for (const [publicUrl, expected] of [
      ['https://sluice.example', 'max-age=31536000'],
      ['http://sluice.example', null],
      [undefined, null],
    ] as const) {
      const { server: one, host: to } = await failingServer({ logger, memory, closeGraceMs: 50, publicUrl });
      const { headers } = await fetch(`http://${to}/`);
      expect([publicUrl, headers.get('strict-transport-security')]).toEqual([publicUrl, expected]);
      await one.close();
    }
  });

  it('shows a websocket the id of its upgrade with an internal error', async () => {
    const socket = new WebSocket(`ws://${host}/graphql`, 'graphql-transport-ws', {
      headers: { 'x-request-id': 'socket-1' },
    });
    const [upgrade] = await once(socket, 'upgrade');
    expect(upgrade.headers['x-request-id']).toBe('socket-1');
    if (socket.readyState !== socket.OPEN) await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ job(id: 1) { id } }' } }));
    const [message] = await once(socket, 'message');
    expect(String(message)).toContain('look for the request id socket-1');
    expect(logged.at(-1)?.[0]).toMatchObject({ requestId: 'socket-1' });
    socket.terminate();
  });

  it('refuses a GraphQL GET that a page of another site can make a browser send, even if a proxy added the key', async () => {
    const query = `http://${host}/graphql?query={__typename}`;
    const refused = await fetch(query);
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('Cross-Site Request Forgery'),
    ]);
    for (const name of ['x-api-key', 'authorization', 'apollo-require-preflight', 'x-apollo-operation-name']) {
      expect([name, (await fetch(query, { headers: { [name]: 'x' } })).status]).toEqual([name, 200]);
    }
  });

  it('cuts off a websocket whose client does not answer pings, and keeps one that does', async () => {
    const { server: one, host: to } = await failingServer({ logger, memory, pingEveryMs: 500 });
    const alive = new WebSocket(`ws://${to}/graphql`, 'graphql-transport-ws');
    const silent = new WebSocket(`ws://${to}/graphql`, 'graphql-transport-ws', { autoPong: false });
    let pings = 0;
    alive.on('ping', () => {
      pings += 1;
    });
    await once(alive, 'open');
    alive.send('{"type":"connection_init"}');
    expect((await once(silent, 'close'))[0]).toBe(1006);
    const before = pings;
    await until('more pings', () => pings > before + 2);
    expect(alive.readyState).toBe(WebSocket.OPEN);
    alive.terminate();
    await one.close();
  });

  it('is not ready when its database is not ready', async () => {
    const answer = await fetch(`http://${host}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { ready: false, problems: ['no database'], notices: [] },
    ]);
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  it('shows its problems in detail only to a MANAGE key', async () => {
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`http://${host}/readyz`, { headers });
      return ((await response.json()) as { problems: string[] }).problems;
    };
    expect(await ask({ 'x-api-key': 'k' })).toEqual(['mongo-7 is down']);
    key.access = accessOfScopes(['PUSH', 'READ'], null);
    expect(await ask({ 'x-api-key': 'k' })).toEqual(['no database']);
    key.access = CALLER.access;
    expect(await ask({})).toEqual(['no database']);
  });

  it('refuses requests immediately, over HTTP and websocket, when its embedded database cannot come back', async () => {
    const storage = {
      ...FOREIGN_STORAGE,
      shortage: () => 'the disk of /data is full',
      outage: () => 'the database has ended',
    };
    const { server: one, host: to } = await failingServer({ logger, memory, closeGraceMs: 50, storage });
    for (const [path, codeIn] of [
      ['/dataload/x/status', (body: Refusal) => body.code],
      ['/graphql?query={__typename}', (body: Refusal) => body.errors?.[0]?.extensions.code],
    ] as const) {
      const answer = await fetch(`http://${to}${path}`);
      const body = (await answer.json()) as Refusal;
      expect([answer.status, answer.headers.get('retry-after'), codeIn(body)]).toEqual([503, '30', 'DISK_FULL']);
      expect(JSON.stringify(body)).toContain('the disk of /data is full');
    }
    const socket = new WebSocket(`ws://${to}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([1013, 'DISK_FULL: the disk of /data is full']);
    expect((await fetch(`http://${to}/healthz`)).status).toBe(200);
    await one.close();
  });

  it('ends a watch when its client completes it', async () => {
    const { socket, signal } = await subscribed();
    expect(signal.aborted).toBe(false);
    socket.send('{"id":"1","type":"complete"}');
    if (!signal.aborted) await once(signal, 'abort');
    socket.close();
  });

  it('ends a watch when its client is gone', async () => {
    const { socket, signal } = await subscribed();
    socket.terminate();
    if (!signal.aborted) await once(signal, 'abort');
  });

  it('refuses a body as too large even when memory is short, and asks to retry one that would fit', async () => {
    const others = memory.tryReserve(999_500);
    const post = (length: number) =>
      fetch(`http://${host}/dataload/x`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'x'.repeat(length),
      });
    expect((await post(600)).status).toBe(429);
    others?.();
    const few = memory.tryReserve(10);
    expect((await post(1_100_000)).status).toBe(413);
    few?.();
  });

  it('does not log a client that leaves while it sends as a defect, and frees its memory', async () => {
    const before = logged.length;
    const [name, port] = host.split(':');
    const socket = connect(Number(port), name);
    const head = `POST /dataload/x HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{`;
    await new Promise((resolve) => socket.write(head, resolve));
    const isHeld = () => {
      const release = memory.tryReserve(1_000_000);
      release?.();
      return release === null;
    };
    while (!isHeld()) await new Promise(setImmediate);
    socket.destroy();
    while (isHeld()) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(logged.slice(before)).toEqual([]);
  });
});
