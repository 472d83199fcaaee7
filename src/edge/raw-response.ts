import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SluiceError } from '../domain/errors.js';
import { problemOf } from './problem.js';
import { newRequestId, REQUEST_ID_HEADER } from './request-id.js';
import { SECURITY_HEADERS } from './response-headers.js';

/** How long a client may continue to send after it got an early response. */
const LINGER_MS = 2_000;

/**
 * Sends a refusal on a connection for which node has no response object, and ends the connection. For a while it reads and drops what the client still sends: a
 * connection that is closed with unread bytes is reset, and the client would not get the response.
 */
export function respondRaw(socket: Duplex, refusal: SluiceError, more: Readonly<Record<string, string>> = {}): void {
  if (!socket.writable) return;
  const { status, headers, body } = problemOf(refusal);
  const own = { [REQUEST_ID_HEADER]: newRequestId(), 'content-length': String(body.length), connection: 'close' };
  const lines = Object.entries({ ...SECURITY_HEADERS, ...headers, ...own, ...more });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n`);
  socket.end(body);
  endSoon(socket);
}

/** Ends a connection whose last response is written, or being written. */
export function endSoon(socket: Duplex): void {
  if (socket.destroyed) return;
  // Nobody else listens for errors of an upgraded connection.
  socket.on('error', () => socket.destroy());
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
