import type { Server } from 'node:http';
import { handleProtocols, type Message, MessageType, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Origins } from '../origins.js';
import { RoomsOfAnswers } from './answer-room.js';
import { messageText } from './answer-text.js';
import { MessagesInPassing } from './message-json.js';
import { type MessageOptions, SocketMessages } from './socket-messages.js';
import { type Extra, type ProtocolOptions, protocolOptions } from './socket-protocol.js';
import { closeAll, closeReason, keepAlive, send } from './socket-transport.js';
import { takeUpgrades } from './upgrades.js';

const PING_EVERY_MS = 12_000;
export interface WebsocketOptions extends Omit<ProtocolOptions, 'messages'>, MessageOptions {
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
  const messages = new MessagesInPassing();
  const protocol = makeServer<Record<string, unknown>, Extra>(protocolOptions({ ...options, messages }));
  const stopUpgrades = takeUpgrades(server, sockets, options);
  sockets.on('connection', (socket, request) => {
    const extra: Extra = { request, socket, held: new WeakMap(), rooms: new Map(), answers: new RoomsOfAnswers() };
    const arriving = new SocketMessages(extra, options);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: async (number) => {
          const message = messages.take(Number(number)) as Message;
          const room = message.type === MessageType.Next ? extra.answers.take(message.payload) : undefined;
          await send(socket, await messageText(message, { room }));
        },
        close: (code, reason) => socket.close(code, closeReason(reason)),
        onMessage: (receive) => arriving.listen((message) => receive(String(messages.put(message)))),
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
