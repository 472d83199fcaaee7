import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { until } from '../../test/support/until.js';
import { memoryBudget } from '../adapters/memory/memory-budget.js';
import { memoryRateLimits } from '../adapters/memory/rate-limits.js';
import { SluiceError } from '../domain/errors.js';
import { OpenResponses } from './pipelined-requests.js';
import { readBody } from './request-body.js';

const ALL = 2_000_000;

describe('reading a body', () => {
  const memory = memoryBudget(ALL);
  const limits = { maxPayloadBytes: 1_000_000, memory, rates: memoryRateLimits() };
  const bodies: string[] = [];
  const refusals: unknown[] = [];
  const sockets: Socket[] = [];
  let app: FastifyInstance;
  /** What happens before a body is read, and after that. */
  let before: (request: IncomingMessage) => Promise<unknown>;
  let after: () => Promise<unknown>;

  beforeAll(async () => {
    app = fastify();
    new OpenResponses().follow(app.server);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', async () => undefined);
    app.decorateRequest('caller', null);
    app.addHook('onRequest', async ({ raw }) => void (await before(raw)));
    app.setErrorHandler((error, _request, reply) => {
      refusals.push(error instanceof SluiceError ? error.code : error);
      return reply.code(400).send('');
    });
    app.post('/', async (request, reply) => {
      const { bytes } = await readBody(request, reply, limits);
      bodies.push(String(bytes));
      await after();
      return `<${bytes.length}>`;
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    before = after = async () => undefined;
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    bodies.length = 0;
    refusals.length = 0;
    before = after = async () => undefined;
  });
  afterAll(() => app.close());

  function client(): { socket: Socket; answers: () => string[] } {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    let received = '';
    socket.on('data', (data) => {
      received += String(data);
    });
    return { socket, answers: () => received.match(/<\d+>/g) ?? [] };
  }

  const post = (body: string, length = body.length) =>
    `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;

  function isFree(): boolean {
    const release = memory.tryReserve(ALL);
    release?.();
    return release !== null;
  }

  it('reads bodies that arrive together, and a further one on the same connection', async () => {
    const { socket, answers } = client();
    const sent = Array.from({ length: 20 }, (_, n) => String(n).repeat(n + 1));
    socket.write(sent.map((body) => post(body)).join(''));
    await until('20 answers', () => answers().length === 20);
    socket.write(post('last'));
    await until('a further answer', () => answers().length === 21);
    expect(bodies).toEqual([...sent, 'last']);
    expect(answers()).toEqual([...sent, 'last'].map(({ length }) => `<${length}>`));
    expect(isFree()).toBe(true);
  });

  it.each([
    ['whose second part arrives while the key is checked', 'ab', 'cd', 4],
    ['of which more arrives only once it is read', 'a'.repeat(10_000), 'b'.repeat(500_000), 10_001],
  ])('reads a body %s', async (_when, first, second, arrived) => {
    const { socket, answers } = client();
    const { length } = first + second;
    before = async (request) => {
      socket.write(second);
      await until('some of the second part', () => request.readableLength >= arrived);
    };
    socket.write(post(first, length));
    await until('an answer', () => answers().length === 1);
    before = async () => undefined;
    socket.write(post('next'));
    await until('a further answer', () => answers().length === 2);
    expect(bodies).toEqual([first + second, 'next']);
  });

  it('reads an empty body, and a further one on the same connection', async () => {
    const { socket, answers } = client();
    socket.write(post(''));
    await until('an answer', () => answers().length === 1);
    socket.write(post('next'));
    await until('a further answer', () => answers().length === 2);
    expect(bodies).toEqual(['', 'next']);
  });

  it.each([
    ['has sent the whole body', 4],
    ['has sent a part of the body', 900],
  ])('holds no memory for a client that %s and leaves while its key is checked', async (_sent, length) => {
    const { socket } = client();
    before = async (request) => {
      socket.resetAndDestroy();
      await new Promise((resolve) => request.socket.once('close', resolve));
    };
    socket.write(post('body', length));
    await until('the refusal', () => refusals.length === 1);
    expect([refusals, bodies, isFree()]).toEqual([['BAD_REQUEST'], [], true]);
  });

  it('does not take a request for aborted whose client leaves after its body is read', async () => {
    const { socket } = client();
    const requests: IncomingMessage[] = [];
    before = async (request) => void requests.push(request);
    let goOn: () => void = () => undefined;
    after = () =>
      new Promise<void>((resolve) => {
        goOn = resolve;
      });
    socket.write(post('body'));
    await until('the body', () => bodies.length === 1);
    socket.resetAndDestroy();
    await until('the end of the connection', () => requests[0]?.socket.destroyed);
    goOn();
    expect(requests.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('releases the memory of requests that wait for an earlier one when their client leaves', async () => {
    const { socket } = client();
    const goOn: (() => void)[] = [];
    after = () => new Promise<void>((resolve) => goOn.push(resolve));
    socket.write(post('one') + post('two') + post('three'));
    await until('three bodies', () => bodies.length === 3);
    expect(isFree()).toBe(false);
    socket.resetAndDestroy();
    await until('the memory', isFree);
    for (const one of goOn) one();
    const next = client();
    after = async () => undefined;
    next.socket.write(post('next'));
    await until('an answer to another client', () => next.answers().length === 1);
    expect(refusals).toEqual([]);
  });
});
