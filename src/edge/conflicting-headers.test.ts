import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refuseConflictingHeaders, singleHeader } from './conflicting-headers.js';

describe('conflicting headers', () => {
  const server = createServer({ requireHostHeader: false });
  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => once(server.close(), 'close'));

  /** A request with these lines as its headers, as Node passes it on. */
  async function requestWith(...lines: string[]): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    const requested = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    client.write(`${['GET / HTTP/1.1', 'connection: close', ...lines].join('\r\n')}\r\n\r\n`);
    const [request, response] = await requested;
    response.end();
    await once(client.resume(), 'close');
    return request;
  }

  it.each([
    ['idempotency-key: a', 'Idempotency-Key: b'],
    ['content-type: application/json', 'x-other: 1', 'CONTENT-TYPE: text/plain'],
    ['content-encoding: gzip', 'content-encoding: identity'],
    ['host: b'],
    // Node's list of headers cannot hold such a name.
    ['__proto__: x', 'idempotency-key: a', 'idempotency-key: b'],
    ['constructor: x', 'cookie: 1', 'cookie: 2', 'idempotency-key: a', 'idempotency-key: b'],
  ])('are refused: %j', async (...lines) => {
    const request = await requestWith('host: a', ...lines);
    expect(() => refuseConflictingHeaders(request)).toThrow(/two different .+ headers were sent/);
  });

  it.each([
    [[], undefined],
    [['idempotency-key: a'], 'a'],
    [['Idempotency-Key: a', 'x-other: 1', 'X-Other: 2'], 'a'],
    [['idempotency-key: a', 'idempotency-key: a'], 'a'],
    [['__proto__: x', 'idempotency-key: a, b'], 'a, b'],
  ])('are not these: %j', async (lines, key) => {
    const request = await requestWith('host: a', ...lines);
    expect(() => refuseConflictingHeaders(request)).not.toThrow();
    expect(singleHeader(request, 'idempotency-key')).toBe(key);
  });

  it('include none at all where one is required', async () => {
    const request = await requestWith();
    expect(() => refuseConflictingHeaders(request)).toThrow('the request has no Host header');
  });
});
