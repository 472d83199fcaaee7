import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { SluiceError } from '../../domain/errors.js';
import { shownPath } from '../../domain/hooks/redact-tokens.js';
import { briefJson } from '../../domain/json/stringify-json.js';
import type { NoteRefusals } from '../../usecases/refusal-counter.js';
import type { ClientAddress } from '../client-address.js';
import type { Origins } from '../origins.js';
import { respondRaw } from '../raw-response.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request-id.js';
import { GRAPHQL_PATH } from './http.js';

export interface UpgradeOptions {
  readonly origins: Origins;
  readonly addressOf: ClientAddress;
  readonly noteRefusals: NoteRefusals;
}

/** Accepts websockets at `/graphql` from clients that are not browsers and from pages that may connect, and refuses them elsewhere. Returns a function that stops this; node then treats upgrades as requests. */
export function takeUpgrades(
  server: Server,
  sockets: WebSocketServer,
  { origins, addressOf, noteRefusals }: UpgradeOptions,
): () => void {
  const take = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, origins);
    if (!refusal) {
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
      return;
    }
    noteRefusals([refusal], null, addressOf(request));
    respondRaw(socket, refusal, { [REQUEST_ID_HEADER]: requestIdOf(request) });
  };
  sockets.on('headers', (headers, request) => headers.push(`${REQUEST_ID_HEADER}: ${requestIdOf(request)}`));
  // These messages are constants of the library and quote nothing from the request.
  sockets.on('wsClientError', ({ message }, socket) =>
    respondRaw(socket, new SluiceError('BAD_REQUEST', `the websocket handshake is invalid: ${message}`), VERSION),
  );
  server.on('upgrade', take);
  return () => void server.off('upgrade', take);
}

/** Tells a client which version of the protocol the service speaks. */
const VERSION = { 'sec-websocket-version': '13' };

function refusalOf(request: IncomingMessage, origins: Origins): SluiceError | null {
  const { method, url = '', headers } = request;
  const path = url.split(/[?#]/, 1)[0] ?? '';
  if (path !== GRAPHQL_PATH && path !== `${GRAPHQL_PATH}/`) {
    return new SluiceError(
      'NOT_FOUND',
      `there is no websocket at ${shownPath(path).slice(0, 200)}; it is at ${GRAPHQL_PATH}`,
    );
  }
  if (method !== 'GET') {
    return new SluiceError('METHOD_NOT_ALLOWED', `a websocket starts with GET, not with ${method}`, { allow: 'GET' });
  }
  if (origins.mayConnect(request)) return null;
  const origin = briefJson(headers.origin);
  return new SluiceError(
    'FORBIDDEN',
    `pages of ${origin} may not open a websocket here; if they should, name that origin in SLUICE_CORS_ORIGINS`,
  );
}
