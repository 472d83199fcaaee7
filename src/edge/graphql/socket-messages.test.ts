import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { CALLER } from '../../../test/support/lane.js';
import { until } from '../../../test/support/until.js';
import { memoryBudget } from '../../adapters/memory/memory-budget.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import type { MemoryBudget } from '../../ports/memory-budget.js';
import { createLogger } from '../../telemetry/logger.js';
import { RoomsOfAnswers } from './answer-room.js';
import { SocketMessages } from './socket-messages.js';

const KB = 1024;

describe('the messages of a websocket', () => {
  let server: Server;
  let client: WebSocket;
  let socket: WebSocket;
  let request: IncomingMessage;
  let received: JsonValue[];
  let goOn: () => void;
  let memory: MemoryBudget;
  /** What an operation does, once its message is received. */
  let operate: () => Promise<void>;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sockets = new WebSocketServer({ server });
    client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const opened = once(client, 'open');
    [socket, request] = (await once(sockets, 'connection')) as [WebSocket, IncomingMessage];
    await opened;
    received = [];
    memory = memoryBudget(1_000 * KB);
    const waits = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const rates = {
      admit: async () => null,
      addBytes: async () => {
        await waits;
        return false;
      },
    };
    const extra = {
      request,
      socket,
      caller: CALLER,
      held: new WeakMap(),
      rooms: new Map(),
      answers: new RoomsOfAnswers(),
    };
    const messages = new SocketMessages(extra, {
      rates,
      memory,
      logger: createLogger('silent'),
    });
    messages.listen(async (message) => {
      received.push(message);
      await operate();
    });
    operate = async () => undefined;
  });
  afterEach(() => {
    client.terminate();
    server.close();
  });

  it('are read in their order, and no more is taken from the client than a few while they wait', async () => {
    const count = 5_000;
    const padding = 'x'.repeat(10 * KB);
    for (let n = 0; n < count; n += 1) client.send(JSON.stringify([n, padding]));
    await until('the socket to be paused', () => socket.isPaused);
    expect(request.socket.bytesRead).toBeLessThan(1_000 * KB);
    goOn();
    await until('all messages', () => received.length === count);
    expect(received.map((message) => (message as JsonValue[])[0])).toEqual(Array.from({ length: count }, (_, n) => n));
  });

  it('of which one is large are all read once it is', async () => {
    client.send(JSON.stringify('x'.repeat(200 * KB)));
    await until('the socket to be paused', () => socket.isPaused);
    for (let n = 0; n < 1_000; n += 1) client.send(JSON.stringify('y'.repeat(10 * KB)));
    goOn();
    await until('all messages', () => received.length === 1_001);
  });

  it('do not reserve memory for pings and pongs', async () => {
    const other = memory.tryReserve(1);
    for (let n = 0; n < 20_000; n += 1) client.pong('x'.repeat(120));
    client.send('1');
    goOn();
    await until('the message', () => received.length === 1);
    expect(memory.tryReserve(1_000 * KB - 1)).not.toBeNull();
    other?.();
  });

  /** A frame as a client sends it, masked with zeros. */
  const frame = (type: number, content: string) =>
    Buffer.concat([Buffer.from([type, 0x80 | content.length, 0, 0, 0, 0]), Buffer.from(content)]);
  const PONGS = Array.from({ length: 520 }, () => frame(0x8a, 'x'.repeat(120)));
  const TEXT = frame(0x81, '1234567890');

  it.each([
    [
      'nothing once they are read, whatever else came with their last bytes',
      [...PONGS, TEXT],
      async () => undefined,
      0,
    ],
    [
      'only their values while their operation runs, whatever else came after them',
      [TEXT, ...PONGS],
      () => new Promise<void>(() => undefined),
      KB,
    ],
  ])('reserve %s', async (_what, frames, operation, most) => {
    const other = memory.tryReserve(1);
    operate = operation;
    request.socket.emit('data', Buffer.concat(frames));
    goOn();
    await until('the message', () => received.length === 1);
    expect(memory.tryReserve(1_000 * KB - 1 - most)).not.toBeNull();
    other?.();
  });

  it('reserve more than their bytes if they arrive in many small chunks', async () => {
    const other = memory.tryReserve(1);
    client.send('x', { fin: false });
    for (let n = 0; n < 6_000; n += 1) request.socket.emit('data', Buffer.alloc(0));
    goOn();
    const [code, reason] = await once(client, 'close');
    expect([code, String(reason)]).toEqual([1013, expect.stringContaining('BACK_PRESSURE')]);
    other?.();
  });

  it('that are not JSON close the socket, and say where the fault is', async () => {
    client.send('{"a":}');
    goOn();
    const [code, reason] = await once(client, 'close');
    expect([code, String(reason)]).toEqual([4400, expect.stringContaining('INVALID_JSON: line 1, column 6')]);
    expect(received).toEqual([]);
  });
});
