import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
  beforeAll(async () => {
    server = createServer({ IncomingMessage: PacedRequest }, async (request, response) => {
      // Something arrives before it is read, as while a key is checked.
      await setImmediate();
      let body = '';
      for await (const chunk of request) {
        body += String(chunk);
        chunksRead += 1;
      }
      response.end(`<${body}>`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

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

  it('has the body that was sent, whatever its chunks, beside others and on the same connection', async () => {
    const text = fc
      .tuple(fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: 3_000 })), fc.constantFrom('a', 'b', 'c'))
      .map(([more, letter]) => letter.repeat(more + 1));
    const body = fc.record({ chunks: fc.array(text, { maxLength: 60 }), together: fc.integer({ min: 1, max: 60 }) });
    const connection = fc.array(body, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(connection, { minLength: 1, maxLength: 4 }), async (connections) => {
        const read = await Promise.all(connections.map(readOf));
        expect(read).toEqual(connections.map((bodies) => bodies.map(({ chunks }) => `<${chunks.join('')}>`)));
      }),
      { numRuns: 100 },
    );
  });

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
      for (const end = performance.now() + 12; performance.now() < end && !turnIsOver(); );
      await setImmediate();
    }
    expect(arriving.readableLength).toBeLessThan(4 * arriving.readableHighWaterMark);
    let bytes = 0;
    for await (const chunk of arriving) bytes += chunk.length;
    expect(bytes).toBe(count);
    socket.destroy();
    slow.close();
  });

  it('lets others have their turn while large bodies arrive', async () => {
    const [count, bytes] = [20, 1_000_000];
    let [read, inRound, mostInRound, whole] = [0, 0, 0, 0];
    const busy = createServer({ IncomingMessage: PacedRequest }, async (request, response) => {
      for await (const chunk of request) {
        if (inRound === 0) {
          void setImmediate().then(() => {
            inRound = 0;
          });
        }
        inRound += chunk.length;
        mostInRound = Math.max(mostInRound, inRound);
        read += chunk.length;
        // As if each took long.
        for (const end = performance.now() + 3; performance.now() < end; );
      }
      whole += 1;
      response.end();
    });
    busy.listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const body = Buffer.concat([
      Buffer.from(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes}\r\n\r\n`),
      Buffer.alloc(bytes, 'a'),
    ]);
    const sockets = Array.from({ length: count }, () => connect((busy.address() as AddressInfo).port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    for (const socket of sockets) socket.resume().write(body);
    await until('all bodies', () => whole === count);
    expect(read).toBe(count * bytes);
    // Ten milliseconds of chunks of 64 KB, and the first chunks of others. Without rests it is a whole body.
    expect(mostInRound).toBeLessThan(600_000);
    for (const socket of sockets) socket.destroy();
    busy.close();
  });

  it('is read in few pieces, although its chunks have one byte each', async () => {
    chunksRead = 0;
    expect(await readOf([{ chunks: Array(5_000).fill('a'), together: 5_000 }])).toEqual([`<${'a'.repeat(5_000)}>`]);
    expect(chunksRead).toBeLessThan(20);
  });
});
