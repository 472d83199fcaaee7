import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { SluiceError } from '../../domain/errors.js';
import { shownPath } from '../../domain/hooks/redact-tokens.js';
import { respondRaw } from '../raw-response.js';
import { GRAPHQL_PATH } from './http.js';

/** Accepts websockets at `/graphql`, and refuses them elsewhere. Returns a function that stops this; node then treats upgrades as requests. */
export function takeUpgrades(server: Server, sockets: WebSocketServer): () => void {
  const take = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(request);
    if (refusal) respondRaw(socket, refusal);
    else sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  };
  // These messages are constants of the library and quote nothing from the request.
  sockets.on('wsClientError', ({ message }, socket) =>
    respondRaw(socket, new SluiceError('BAD_REQUEST', `the websocket handshake is invalid: ${message}`), VERSION),
  );
  server.on('upgrade', take);
  return () => void server.off('upgrade', take);
}

/** Tells a client which version of the protocol the service speaks. */
const VERSION = { 'sec-websocket-version': '13' };

function refusalOf({ method, url = '' }: IncomingMessage): SluiceError | null {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  if (path !== GRAPHQL_PATH && path !== `${GRAPHQL_PATH}/`) {
    return new SluiceError(
      'NOT_FOUND',
      `there is no websocket at ${shownPath(path).slice(0, 200)}; it is at ${GRAPHQL_PATH}`,
    );
  }
  if (method === 'GET') return null;
  return new SluiceError('METHOD_NOT_ALLOWED', `a websocket starts with GET, not with ${method}`, { allow: 'GET' });
}
