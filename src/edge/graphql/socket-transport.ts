import { type RawData, type WebSocket, type WebSocketServer } from 'ws';

/** How long the reason in a close frame may be, by the websocket protocol. */
const MAX_REASON_BYTES = 123;

/** The bytes of a message, which `ws` gives as one buffer or as several. */
export function byteLength(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength;
}

/** A message as one buffer. */
export function bufferOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** Cuts a text to what a close frame can hold: `ws` throws if it is longer, and a text may quote what a client sent. */
export function closeReason(text = ''): string {
  const bytes = Buffer.from(text).subarray(0, MAX_REASON_BYTES);
  // With `stream`, a character that is cut at the end is left out.
  return new TextDecoder().decode(bytes, { stream: true });
}

/**
 * Resolves once the text is handed to the operating system, which paces a subscription. It also resolves when the client is gone: then its socket closes, which
 * ends its subscriptions.
 */
export function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else {
      // To write a string, Node.js reserves three bytes for each of its characters until the client has them.
      socket.send(Buffer.from(text), { binary: false }, (error) => {
        if (error) socket.terminate();
        resolve();
      });
    }
  });
}

/** Pings the client at this interval, and closes the socket if it did not answer the previous ping. */
export function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) socket.terminate();
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, everyMs);
  return () => clearInterval(timer);
}

/** Asks every client to close its side, and cuts those that do not within the grace time. */
export async function closeAll(sockets: WebSocketServer, graceMs: number): Promise<void> {
  for (const socket of sockets.clients) socket.close(1001, 'Going away');
  const graceIsOver = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, graceMs);
  await new Promise((resolve) => sockets.close(resolve));
  clearTimeout(graceIsOver);
}
