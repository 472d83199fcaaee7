import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { until } from '../../test/support/until.js';
import { turnIsOver } from '../event-loop/turns.js';
import { PacedRequest } from './paced-request.js';

/** A body: its chunks, and how many of them are sent in one write. */
interface Sent {
  readonly chunks: readonly string[];
  readonly together: number;
}

describe('a request whose body arrives in turns', () => {
  let server: Server;
  let chunksRead: number;
  let isSlow = false;
  beforeAll(async () => {
    server = createServer({ IncomingMessage: PacedRequest }, async (request, response) => {
      // Something arrives before it is read, as while a key is checked.
      await setImmediate();
      let body = '';
      for await (const chunk of request) {
        // Then the connection rests after each piece that arrives.
        while (isSlow && !turnIsOver());
        body += String(chunk);
        chunksRead += 1;
      }
      response.end(`<${body}>`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());
  afterEach(() => {
    isSlow = false;
  });

  /** The bodies that the server has read, of requests on one connection. */
  async function readOf(bodies: readonly Sent[]): Promise<string[]> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => {
      received += String(data);
    });
    for (const [index, { chunks, together }] of bodies.entries()) {
      const connection = index === bodies.length - 1 ? 'close' : 'keep-alive';
      socket.write(`POST / HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\ntransfer-encoding: chunked\r\n\r\n`);
      for (let start = 0; start < chunks.length; start += together) {
        const texts = chunks.slice(start, start + together);
        socket.write(texts.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join(''));
        await setImmediate();
      }
      socket.write('0\r\n\r\n');
    }
    await once(socket, 'close');
    return received.match(/<[^>]*>/g) ?? [];
  }

  it.each([
    ['a quick', false, 3_000, 60, 100],
    ['a slow', true, 40_000, 8, 20],
  ])(
    'has, for %s reader, the body that was sent, whatever its chunks, beside others and on the same connection',
    async (_reader, slow, longest, maxLength, numRuns) => {
      isSlow = slow;
      const text = fc
        .tuple(fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: longest })), fc.constantFrom('a', 'b', 'c'))
        .map(([more, letter]) => letter.repeat(more + 1));
      const body = fc.record({ chunks: fc.array(text, { maxLength }), together: fc.integer({ min: 1, max: 60 }) });
      const connection = fc.array(body, { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(fc.array(connection, { minLength: 1, maxLength: 4 }), async (connections) => {
          const read = await Promise.all(connections.map(readOf));
          expect(read).toEqual(connections.map((bodies) => bodies.map(({ chunks }) => `<${chunks.join('')}>`)));
        }),
        { numRuns },
      );
    },
  );

  it('takes little more than its reader has room for, although its connection rests meanwhile, and then all of it', async () => {
    let unread: IncomingMessage | undefined;
    const slow = createServer({ IncomingMessage: PacedRequest }, (request) => {
      unread = request;
    });
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const socket = connect((slow.address() as AddressInfo).port, '127.0.0.1');
    const count = 300_000;
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    socket.write(`${'1\r\na\r\n'.repeat(count)}0\r\n\r\n`);
    const arriving = await until('the request', () => unread);
    for (let turn = 0; turn < 100; turn += 1) {
      // Makes every turn too long, so that the connection rests.
      while (!turnIsOver());
      await setImmediate();
    }
    expect(arriving.readableLength).toBeLessThan(4 * arriving.readableHighWaterMark);
    let bytes = 0;
    for await (const chunk of arriving) bytes += chunk.length;
    expect(bytes).toBe(count);
    socket.destroy();
    slow.close();
  });

  it.each([
    ['a large piece', Buffer.alloc(64 * 1024)],
    ['a small piece', Buffer.alloc(10)],
  ])(
    'lets its connection rest after %s that ends the turn, also if its reader waits for more',
    async (_name, piece) => {
      const socket = new Socket();
      const request = new PacedRequest(socket);
      request.push(Buffer.alloc(64 * 1024));
      while (!turnIsOver());
      expect(socket.isPaused()).toBe(false);
      request.push(piece);
      while (request.read() !== null);
      expect(socket.isPaused()).toBe(true);
      await until('the end of the rest', () => !socket.isPaused());
      socket.destroy();
    },
  );

  it('lets its connection rest after it was destroyed too', async () => {
    const socket = new Socket();
    const request = new PacedRequest(socket);
    request.push(Buffer.alloc(64 * 1024));
    // As Node does with a request whose reader has failed.
    Object.assign(request, { socket: null });
    request.destroy();
    while (!turnIsOver());
    request.push(Buffer.alloc(64 * 1024));
    expect(socket.isPaused()).toBe(true);
    await until('the end of the rest', () => !socket.isPaused());
    socket.destroy();
  });

  it('is dropped in turns, if the response ends before it, and then the next one is read', async () => {
    let pauses = 0;
    let dropped: IncomingMessage | undefined;
    const refusing = createServer({ IncomingMessage: PacedRequest }, (request, response) => {
      dropped ??= request;
      response.end('refused');
    });
    refusing.on('connection', (socket: Socket) => {
      const pause = socket.pause.bind(socket);
      socket.pause = () => {
        pauses += 1;
        return pause();
      };
    });
    refusing.listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const socket = connect((refusing.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => {
      received += String(data);
    });
    const head = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
    socket.write(head);
    await until('the refusal', () => received.includes('refused'));
    // Takes many turns to parse.
    socket.write(`${'1\r\na\r\n'.repeat(600_000)}0\r\n\r\n${head}0\r\n\r\n`);
    await until('the next response', () => received.split('refused').length === 3);
    expect(pauses).toBeGreaterThan(2);
    expect(dropped).toMatchObject({ complete: true, readableLength: 0 });
    socket.destroy();
    refusing.close();
  });

  it('is read in few pieces, although its chunks have one byte each', async () => {
    chunksRead = 0;
    expect(await readOf([{ chunks: Array(5_000).fill('a'), together: 5_000 }])).toEqual([`<${'a'.repeat(5_000)}>`]);
    expect(chunksRead).toBeLessThan(20);
  });
});
