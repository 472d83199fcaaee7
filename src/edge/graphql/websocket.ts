import type { IncomingMessage, Server } from 'node:http';
import { type ExecutionArgs, GraphQLError, type GraphQLSchema, getOperationAST, parse, validate } from 'graphql';
import { CloseCode, handleProtocols, MessageType, makeServer, type ServerOptions } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { SluiceError } from '../../domain/errors.js';
import { isJsonObject } from '../../domain/json/json-value.js';
import { parseSentJson } from '../../domain/json/parse-json.js';
import type { Caller } from '../../domain/security/caller.js';
import type { RateLimits } from '../../ports/rate-limits.js';
import type { Logger } from '../../telemetry/logger.js';
import type { UseCases } from '../../usecases/use-cases.js';
import { keysIn, keysOf } from '../api-key-header.js';
import type { ClientAddress } from '../client-address.js';
import { refuseExceeded } from '../rate-headers.js';
import { type ErrorContext, refuseOutage } from '../to-sluice-error.js';
import { contextFor } from './context.js';
import { formatGraphqlError } from './format-error.js';
import { replaceMessage, reviveMessage, unwrapped, wrapped } from './message-json.js';
import { OpenOperations } from './open-operations.js';
import { refuseCostlyOperation } from './query-cost.js';
import { refuseCostlyQuery } from './query-limits.js';
import { takeUpgrades } from './upgrades.js';

const KEEP_ALIVE_MS = 12_000;
/** A close code of the websocket protocol; graphql-transport-ws has none for this. */
const TRY_AGAIN_LATER = 1013;
/** If a client sends one of these, the library closes the socket as if the server had failed. */
const ONLY_SENT_BY_SERVERS: readonly unknown[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error];
const MAY_SUCCEED_LATER: readonly unknown[] = ['BACK_PRESSURE', 'RATE_LIMITED', 'STORE_UNAVAILABLE', 'DISK_FULL'];
/** How long the reason in a close frame may be, by the websocket protocol. */
const MAX_REASON_BYTES = 123;
/** How much a client may send before its key is accepted: a connection_init is small. */
const MAX_BYTES_OF_STRANGER = 64 * 1024;

export interface WebsocketOptions extends ErrorContext {
  readonly schema: GraphQLSchema;
  readonly useCases: UseCases;
  readonly addressOf: ClientAddress;
  readonly maxPayloadBytes: number;
  readonly rates: RateLimits;
  /** How long a client may take to close its side. */
  readonly closeGraceMs: number;
}

interface Extra {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  caller?: Caller;
}

/** Adds GraphQL over the graphql-transport-ws protocol at `/graphql`. Returns a function that closes every socket. */
export function addWebsocket(server: Server, options: WebsocketOptions): () => Promise<void> {
  const { maxPayloadBytes: maxPayload, logger, rates } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload, handleProtocols });
  const protocol = makeServer<Record<string, unknown>, Extra>(protocolOptions(options));
  const stopUpgrades = takeUpgrades(server, sockets);
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
            if (extra.caller) void rates.addBytes(extra.caller, byteLength(data));
            void onMessage(socket, data, receive, logger);
          }),
      },
      extra,
    );
    const stopPings = keepAlive(socket);
    socket.on('error', (error) => logger.debug({ err: error }, 'websocket'));
    socket.once('close', (code, reason) => {
      stopPings();
      closed(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, 'closing a websocket'));
    });
  });
  return () => {
    stopUpgrades();
    return closeAll(sockets, options.closeGraceMs);
  };
}

function protocolOptions(options: WebsocketOptions): ServerOptions<Record<string, unknown>, Extra> {
  const { schema, useCases, storage, rates, addressOf } = options;
  const open = new OpenOperations();
  return {
    jsonMessageReviver: reviveMessage,
    jsonMessageReplacer: replaceMessage,

    async onConnect(context) {
      const { connectionParams, extra } = context;
      try {
        refuseOutage(storage);
        const keys = [...keysOf(extra.request), ...keysIn(connectionParams)];
        const caller = await useCases.authenticate(keys, addressOf(extra.request));
        if (extra.socket.readyState !== extra.socket.OPEN) return false;
        open.add(caller.id, context);
        extra.caller = caller;
        return true;
      } catch (error) {
        const { code, message } = formatted(error, options);
        const closeCode = MAY_SUCCEED_LATER.includes(code) ? TRY_AGAIN_LATER : CloseCode.Forbidden;
        extra.socket.close(closeCode, closeReason(`${code}: ${message}`));
        return false;
      }
    },

    onClose(context) {
      if (context.extra.caller) open.remove(context.extra.caller.id, context);
    },

    /** Returns every fault of an operation as an error of that operation: a throw here would close the socket. */
    async onSubscribe(context, _id, { query, variables, operationName }) {
      const { caller } = context.extra;
      try {
        if (!caller) throw new TypeError('a connection without a caller was acknowledged');
        refuseOutage(storage);
        open.refuseTooMany(caller.id, context);
        refuseExceeded(await rates.admit(caller));
        refuseCostlyQuery(query);
        const document = parse(query);
        const faults = validate(schema, document);
        if (faults.length > 0) return faults;
        const operation = getOperationAST(document, operationName);
        if (!operation) {
          return [new GraphQLError('the query has no such operation; if it has several, name one with operationName')];
        }
        refuseCostlyOperation(schema, document, operation, variables ?? {});
        // Websocket messages reserve no memory; only their size is limited.
        const contextValue = contextFor(caller, useCases, () => undefined);
        const args: ExecutionArgs = { schema, document, contextValue, variableValues: variables, operationName };
        return args;
      } catch (error) {
        return [asGraphqlError(error)];
      }
    },

    /** A subscription that could not start has no result, only errors. */
    onOperation(_context, _id, _payload, _args, result) {
      if ('errors' in result && result.errors && result.data === undefined) return failing(result.errors);
      return undefined;
    },

    onError: (_context, _id, _payload, errors) => errors.map((error) => formatGraphqlError(error, options)),
    onNext: (_context, _id, _payload, _args, { errors, ...result }) =>
      errors ? { ...result, errors: errors.map((error) => formatGraphqlError(error, options)) } : undefined,
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

function formatted(error: unknown, context: ErrorContext): { code: unknown; message: string } {
  const { message, extensions } = formatGraphqlError(error, context);
  return { code: extensions?.code, message };
}

function asGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

/** Makes the protocol send an error message instead of a result. */
async function* failing(errors: readonly GraphQLError[]): AsyncGenerator<never> {
  yield await Promise.reject(errors[0]?.originalError ?? errors[0]);
}

/** The bytes of a message, which `ws` gives as one buffer or as several. */
function byteLength(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength;
}

async function onMessage(
  socket: WebSocket,
  data: RawData,
  receive: (text: string) => Promise<void>,
  logger: Logger,
): Promise<void> {
  try {
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
    logger.error({ err: error }, 'handling a websocket message');
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  }
}

/** Cuts a text to what a close frame can hold: `ws` throws if it is longer, and a text may quote what a client sent. */
function closeReason(text = ''): string {
  const bytes = Buffer.from(text).subarray(0, MAX_REASON_BYTES);
  // With `stream`, a character that is cut at the end is left out.
  return new TextDecoder().decode(bytes, { stream: true });
}

/**
 * Resolves once the text is handed to the operating system, which paces a subscription. It also resolves when the client is gone: then its socket closes, which
 * ends its subscriptions.
 */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else {
      socket.send(text, (error) => {
        if (error) socket.terminate();
        resolve();
      });
    }
  });
}

/** Pings the client, and closes the socket if it did not answer the previous ping. */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) socket.terminate();
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, KEEP_ALIVE_MS);
  return () => clearInterval(timer);
}

async function closeAll(sockets: WebSocketServer, graceMs: number): Promise<void> {
  for (const socket of sockets.clients) socket.close(1001, 'Going away');
  const graceIsOver = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, graceMs);
  await new Promise((resolve) => sockets.close(resolve));
  clearTimeout(graceIsOver);
}
