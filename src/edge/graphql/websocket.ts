import type { Server } from 'node:http';
import { CloseCode, handleProtocols, MessageType, makeServer } from 'graphql-ws';
import { type RawData, WebSocketServer } from 'ws';
import { SluiceError } from '../../domain/errors.js';
import { isJsonObject } from '../../domain/json/json-value.js';
import { parseSentJson } from '../../domain/json/parse-json.js';
import type { Origins } from '../origins.js';
import { requestIdOf } from '../request-id.js';
import { unwrapped, wrapped } from './message-json.js';
import { type Extra, type ProtocolOptions, protocolOptions, TRY_AGAIN_LATER } from './socket-protocol.js';
import { byteLength, closeAll, closeReason, keepAlive, send } from './socket-transport.js';
import { takeUpgrades } from './upgrades.js';

const PING_EVERY_MS = 12_000;
/** If a client sends one of these, the library closes the socket as if the server had failed. */
const ONLY_SENT_BY_SERVERS: readonly unknown[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error];
/** How much a client may send before its key is accepted: a connection_init is small. */
const MAX_BYTES_OF_STRANGER = 64 * 1024;
/** The largest message that is still read beyond a limit on bytes, so that its operation gets an error of its own. */
const MAX_BYTES_BEYOND_LIMIT = 64 * 1024;

export interface WebsocketOptions extends ProtocolOptions {
  readonly origins: Origins;
  readonly maxPayloadBytes: number;
  /** How long a client may take to close its side. */
  readonly closeGraceMs: number;
  /** A client that does not answer a ping until the next one is gone. */
  readonly pingEveryMs?: number | undefined;
}

/** Adds GraphQL over the graphql-transport-ws protocol at `/graphql`. Returns a function that closes every socket. */
export function addWebsocket(server: Server, options: WebsocketOptions): () => Promise<void> {
  const { maxPayloadBytes: maxPayload, logger, pingEveryMs = PING_EVERY_MS } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload, handleProtocols });
  const protocol = makeServer<Record<string, unknown>, Extra>(protocolOptions(options));
  const stopUpgrades = takeUpgrades(server, sockets, options);
  sockets.on('connection', (socket, request) => {
    const extra: Extra = { request, socket };
    cutOffStranger(extra);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, unwrapped(text)),
        close: (code, reason) => socket.close(code, closeReason(reason)),
        onMessage: (receive) =>
          socket.on('message', (data) => {
            // A client may send on after the service has closed the socket, for example because its key was revoked.
            if (socket.readyState !== socket.OPEN) return;
            void onMessage(extra, data, receive, options);
          }),
      },
      extra,
    );
    const stopPings = keepAlive(socket, pingEveryMs);
    socket.on('error', (error) => logger.debug({ err: error }, 'websocket'));
    socket.once('close', (code, reason) => {
      stopPings();
      extra.unwatch?.();
      closed(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, 'closing a websocket'));
    });
  });
  return () => {
    stopUpgrades();
    return closeAll(sockets, options.closeGraceMs);
  };
}

/** Closes a socket that sends too much before its key is accepted: otherwise a stranger could make the service hold messages up to the payload limit. */
function cutOffStranger(extra: Extra): void {
  const { request, socket } = extra;
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (extra.caller) request.socket.off('data', count);
    else if (bytes > MAX_BYTES_OF_STRANGER) socket.terminate();
  };
  request.socket.on('data', count);
}

async function onMessage(
  { request, socket, caller }: Extra,
  data: RawData,
  receive: (text: string) => Promise<void>,
  { rates, logger }: Pick<WebsocketOptions, 'rates' | 'logger'>,
): Promise<void> {
  try {
    const bytes = byteLength(data);
    // To read a large message costs much, whatever comes of it.
    if (caller && (await rates.addBytes(caller, bytes)) && bytes > MAX_BYTES_BEYOND_LIMIT) {
      socket.close(TRY_AGAIN_LATER, 'RATE_LIMITED: this caller has used up its bytes of a minute; send less');
      return;
    }
    const text = String(data);
    const message = parseSentJson(text);
    if (isJsonObject(message) && ONLY_SENT_BY_SERVERS.includes(message.type)) {
      throw new SluiceError('BAD_REQUEST', `only the server sends ${String(message.type)} messages`);
    }
    await receive(wrapped(text));
  } catch (error) {
    if (error instanceof SluiceError) {
      socket.close(CloseCode.BadRequest, closeReason(`${error.code}: ${error.message}`));
      return;
    }
    logger.error({ err: error, requestId: requestIdOf(request) }, 'handling a websocket message');
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  }
}
