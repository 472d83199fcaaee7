import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SluiceError } from '../domain/errors.js';
import { problemOf } from './problem.js';

/** How long a client that is answered early may go on sending. */
const LINGER_MS = 2_000;

/**
 * Answers a refusal on a connection on which node has no response for it, and ends the connection. What the client still sends is read and dropped for a while:
 * a connection that is closed on unread bytes is reset, and the client would not hear the answer.
 */
export function answerRaw(socket: Duplex, refusal: SluiceError, more: Readonly<Record<string, string>> = {}): void {
  if (!socket.writable) return;
  const { status, headers, body } = problemOf(refusal);
  const lines = Object.entries({ ...headers, ...more, 'content-length': String(body.length), connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n`);
  socket.end(body);
  endSoon(socket);
}

/** Ends a connection whose last answer is written, or on its way. */
export function endSoon(socket: Duplex): void {
  // Of an upgraded connection nobody else hears.
  socket.on('error', () => socket.destroy());
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
