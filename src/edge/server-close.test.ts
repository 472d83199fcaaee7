import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { failingServer, waiting } from '../../test/support/failing-server.js';
import { until } from '../../test/support/until.js';

/** A connection that has sent the beginning of a request, and what it received. */
function beginning(to: string, path: string): { socket: Socket; answer: () => string } {
  const [name, port] = to.split(':');
  const socket = connect(Number(port), name);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${to}\r\n`);
  return { socket, answer: () => received };
}

/** A connection with a request in flight, which `waiting` holds. */
async function inFlight(to: string) {
  const before = waiting.length;
  const peer = beginning(to, '/dataload/slow/errors');
  peer.socket.write('\r\n');
  await until('the request', () => waiting.length > before);
  return peer;
}

describe('a server that closes', () => {
  it('finishes running requests when it closes, and then closes their connections', async () => {
    const { server: one, host: to } = await failingServer();
    const { socket, answer } = await inFlight(to);
    const closed = one.close();
    waiting.pop()?.();
    await Promise.all([closed, once(socket, 'close')]);
    expect(answer()).toMatch(/^HTTP\/1.1 200 OK/);
    expect(answer()).toMatch(/connection: close/i);
  });

  it.each([
    ['/dataload/x/status', 'application/problem+json'],
    ['/graphql?query={__typename}', 'application/json'],
    ['/healthz', 'application/problem+json'],
  ])('refuses %s while it closes, with a code and what to do', async (path, type) => {
    const { server: one, host: to } = await failingServer();
    const late = beginning(to, path);
    const early = await inFlight(to);
    const closed = one.close();
    late.socket.write('\r\n');
    await once(late.socket, 'close');
    waiting.pop()?.();
    await Promise.all([closed, once(early.socket, 'close')]);
    expect(late.answer()).toMatch(/^HTTP\/1.1 503/);
    expect(late.answer()).toContain('retry-after: 2\r\n');
    expect(late.answer()).toContain(type);
    expect(late.answer()).toContain('"code":"STORE_UNAVAILABLE"');
    expect(late.answer()).toContain('the service is stopping; try again shortly');
  });

  it('cuts connections that are still open once the grace time is over', async () => {
    const { server: one, host: to } = await failingServer({ closeGraceMs: 50 });
    const { socket } = await inFlight(to);
    const peer = new WebSocket(`ws://${to}/graphql`, 'graphql-transport-ws');
    await once(peer, 'open');
    peer.pause();
    await Promise.all([one.close(), once(socket, 'close')]);
    waiting.pop()?.();
    peer.terminate();
  });
});
