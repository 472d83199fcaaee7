import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rawRequest } from '../../test/support/raw-request.js';
import { until } from '../../test/support/until.js';
import { OpenResponses } from './pipelined-requests.js';

const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

describe('requests that are sent before the response to an earlier one', () => {
  const open = new OpenResponses();
  let server: Server;
  let responses: ServerResponse[];
  let closed: number[];
  let port: number;
  beforeEach(async () => {
    responses = [];
    closed = [];
    server = createServer((_request, response) => {
      const index = responses.push(response) - 1;
      response.on('close', () => closed.push(index));
    });
    open.follow(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => void server.close());

  it('have their responses closed once each when their client leaves', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(GET.repeat(3));
    await until('three requests', () => responses.length === 3);
    const [first] = responses;
    const connection = first?.req.socket;
    if (!connection) throw new Error('the request has no connection');
    expect(open.of(connection)).toEqual(responses);
    socket.resetAndDestroy();
    await until('the ends of the responses', () => closed.length >= 3);
    for (const response of responses) response.end('late');
    await new Promise((resolve) => setImmediate(resolve));
    expect([closed.toSorted(), open.of(connection)]).toEqual([[0, 1, 2], []]);
  });

  it('have their responses closed when an earlier one ends the connection', async () => {
    const answer = rawRequest(port, GET.repeat(3));
    await until('three requests', () => responses.length === 3);
    responses[0]?.setHeader('connection', 'close').end('first');
    expect(await answer).toMatch(/^HTTP\/1\.1 200.*first$/s);
    await until('the ends of the responses', () => closed.length >= 3);
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed.toSorted()).toEqual([0, 1, 2]);
  });

  it('are answered in their order, up to a hundred of them, and cut beyond that', async () => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => {
      received += String(data);
    });
    socket.write(GET.repeat(100));
    await until('a hundred requests', () => responses.length === 100);
    for (const [index, response] of responses.toReversed().entries()) response.end(`<${99 - index}>`);
    await until('a hundred responses', () => received.includes('<99>'));
    expect(received.match(/<\d+>/g)).toEqual(Array.from({ length: 100 }, (_, index) => `<${index}>`));
    socket.destroy();
    responses = [];
    expect(await rawRequest(port, GET.repeat(101))).toBe('');
    expect(responses).toHaveLength(100);
  });
});
