import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { type ErrorCode, SluiceError } from '../domain/errors.js';
import { shownPath } from '../domain/hooks/redact-tokens.js';
import { briefJson } from '../domain/json/stringify-json.js';
import type { Caller } from '../domain/security/caller.js';
import type { MemoryBudget } from '../ports/memory-budget.js';
import type { NoteRefusals } from '../usecases/refusal-counter.js';
import type { UseCases } from '../usecases/use-cases.js';
import { keysOf } from './api-key-header.js';
import type { ClientAddress } from './client-address.js';
import { refuseConflictingHeaders } from './conflicting-headers.js';
import { addDrain } from './drain.js';
import { addGraphqlRoute, GRAPHQL_PATH, sendGraphqlError } from './graphql/http.js';
import { createSchema } from './graphql/schema.js';
import { addWebsocket } from './graphql/websocket.js';
import { listenError } from './listening.js';
import { Methods } from './methods.js';
import { addOpenRoutes, type Health, OPEN_PATHS } from './open-routes.js';
import { type BrowserOptions, Origins } from './origins.js';
import { PacedRequest } from './paced-request.js';
import { OpenResponses } from './pipelined-requests.js';
import { sendProblem } from './problem.js';
import { admit } from './rate-headers.js';
import type { BodyLimits } from './request-body.js';
import { requestIdOf } from './request-id.js';
import { type AddHeaders, isPreflight, responseHeaders } from './response-headers.js';
import { addHookRoute, HOOKS_ROUTE, isUnderHooks } from './rest/hook-route.js';
import { addRestRoutes, PUSH_ROUTES } from './rest/routes.js';
import { type ErrorContext, refuseOutage, toSluiceError } from './to-sluice-error.js';
import { UnparsedRequests } from './unparsed-requests.js';

/** How long a whole request may take to arrive: a client that is gone must not hold memory forever. */
const REQUEST_TIMEOUT_MS = 300_000;

const MAX_URL_LENGTH = 65_536;

/** How long nothing may move on a connection while a request is answered; longer than any wait for a job. */
const SILENT_MS = 120_000;
/** How long a health check waits for the answer to whose key it has. */
const KEY_MS = 1_000;

const CODE_OF_HTTP_STATUS = new Map<number, ErrorCode>([
  [404, 'NOT_FOUND'],
  [413, 'PAYLOAD_TOO_LARGE'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
]);

export interface ServerOptions extends BodyLimits, BrowserOptions, ErrorContext, Health {
  readonly useCases: UseCases;
  readonly addressOf: ClientAddress;
  readonly noteRefusals: NoteRefusals;
  /** For what is answered and not sent yet. */
  readonly answerMemory: MemoryBudget;
  /** If false, the server has only the health routes and the page about the service. */
  readonly servesApi: boolean;
  /** How long `close` waits for clients before it cuts their connections. */
  readonly closeGraceMs: number;
  /** Whether clients may read the GraphQL schema; by default they may. */
  readonly introspection?: boolean | undefined;
  /** How long a GraphQL request may take until its client has the whole answer; by default 5 minutes. */
  readonly longestAnswerMs?: number | undefined;
  /** A websocket whose client does not answer a ping until the next one is closed; by default every 12 s. */
  readonly pingEveryMs?: number | undefined;
}

export interface SluiceServer {
  /** Every route, as `METHOD path`, sorted. */
  readonly routes: readonly string[];
  /** Starts to listen; resolves with the port. */
  listen(host: string, port: number): Promise<number>;
  /** Refuses new requests, finishes running ones, and closes every connection. */
  close(): Promise<void>;
}

/** Creates the server: GraphQL, REST and the websocket on one port. */
export async function createServer(options: ServerOptions): Promise<SluiceServer> {
  const { logger, storage } = options;
  const origins = new Origins(options);
  const addHeaders = responseHeaders(origins, options);
  const app = bareApp(options, addHeaders);
  const methods = new Methods(app);
  app.addHook('onRequest', async ({ raw }, reply) => addHeaders(raw, reply));
  const drain = addDrain(app, options.closeGraceMs);
  app.addHook('onRequest', async (request, reply) => {
    // On any path: otherwise a page could not read why its request is refused.
    if (origins.namedIn(request.raw) !== null && isPreflight(request.raw)) return reply.code(204).send();
    refuseConflictingHeaders(request.raw);
    if (isOpen(request)) return;
    refuseOutage(storage);
    await admit(options.rates, await authenticate(options, request), reply);
  });
  app.setNotFoundHandler(methods.respond);
  const sendRefusal = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const refusal = toSluiceError(asRefusal(error, request), { logger, storage, requestId: request.id });
    options.noteRefusals([refusal], request.caller, request.caller?.address ?? options.addressOf(request.raw));
    return request.routeOptions.url === GRAPHQL_PATH ? sendGraphqlError(reply, refusal) : sendProblem(reply, refusal);
  };
  app.setErrorHandler((error, request, reply) => {
    const send = (refusal: unknown) => sendRefusal(refusal, request, reply);
    return request.confirmation ? request.confirmation.then(() => send(error), send) : send(error);
  });

  addOpenRoutes(app, options, (request) => isOperator(options, request));
  const closeApi = options.servesApi ? await addApi(app, options, origins) : async () => undefined;
  return {
    routes: methods.routes,
    async listen(host, port) {
      try {
        await app.listen({ host, port });
      } catch (error) {
        throw listenError(error, host, port);
      }
      return (app.server.address() as AddressInfo).port;
    },
    async close() {
      await Promise.all([drain(), closeApi()]);
    },
  };
}

/** An app without routes, which leaves everything that fastify and node would do in their own format to us. */
function bareApp({ logger, storage }: ErrorContext, addHeaders: AddHeaders): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = logger;
  const logController = new LogController({ disableRequestLogging: true });
  const open = new OpenResponses();
  const unparsed = new UnparsedRequests(open);
  const app = fastify({
    loggerInstance,
    logController,
    genReqId: requestIdOf,
    // fastify would respond in its own format; the drain refuses requests instead.
    return503OnClosing: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // For clients that do not read their answer.
    connectionTimeout: SILENT_MS,
    // Node would refuse a request without a Host header in its own format.
    http: { requireHostHeader: false, IncomingMessage: PacedRequest },
    // An unknown id of any length is NOT_FOUND; node limits the length of a URL.
    routerOptions: { maxParamLength: MAX_URL_LENGTH, ignoreTrailingSlash: true },
    rewriteUrl: ({ url = '' }) => originForm(url),
    clientErrorHandler: unparsed.refuse,
    frameworkErrors(error, request, reply) {
      // No hook has seen the request.
      addHeaders(request.raw, reply);
      void sendProblem(reply, toSluiceError(asRefusal(error, request), { logger, storage, requestId: request.id }));
    },
  });
  unparsed.follow(app.server);
  open.follow(app.server);
  // Headers are limited by their bytes; with a maximum count, node would silently drop the rest.
  app.server.maxHeadersCount = 0;
  // Unknown values of the Expect header are ignored, as HTTP allows.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.decorateRequest('caller', null);
  app.decorateRequest('confirmation', null);
  app.decorateRequest('pushUrl', null);
  // Routes read bodies themselves: each decides what it accepts, and how much.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
  return app;
}

/** Adds GraphQL, REST and the websocket. Returns a function that closes the websockets. */
async function addApi(app: FastifyInstance, options: ServerOptions, origins: Origins): Promise<() => Promise<void>> {
  const schema = await createSchema();
  const apollo = await addGraphqlRoute(app, { ...options, schema });
  addRestRoutes(app, options);
  addHookRoute(app, options);
  app.addHook('onClose', () => apollo.stop());
  return addWebsocket(app.server, { ...options, schema, origins });
}

/** Whether a request to an open route has a MANAGE key. False if that cannot be found out soon, such as during an outage of the database. */
async function isOperator(options: Pick<ServerOptions, 'useCases' | 'addressOf'>, request: FastifyRequest) {
  if (keysOf(request.raw).length === 0) return false;
  const isKnown = authenticate(options, request).then(
    ({ access }) => access.may('MANAGE'),
    () => false,
  );
  const timeOver = new AbortController();
  const late = sleep(KEY_MS, false, { signal: timeOver.signal }).catch(() => false);
  return Promise.race([isKnown, late]).finally(() => timeOver.abort());
}

/** Turns a request target into a path: a client that takes the service for a proxy sends a whole URL, and `OPTIONS *` means the service. */
function originForm(target: string): string {
  if (target === '*') return '/';
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '');
  return path.startsWith('/') ? path : `/${path}`;
}

/** Finds out who sends a request. A push URL is its own credential, so keys that are sent to it mean nothing. */
async function authenticate(
  { useCases, addressOf }: Pick<ServerOptions, 'useCases' | 'addressOf'>,
  request: FastifyRequest,
): Promise<Caller> {
  const address = addressOf(request.raw);
  if (request.routeOptions.url !== HOOKS_ROUTE) {
    const keys = keysOf(request.raw);
    const ahead = request.routeOptions.url === GRAPHQL_PATH ? useCases.authenticateAhead(keys, address) : null;
    if (ahead) return Object.assign(request, ahead).caller;
    request.caller = await (isPush(request) ? useCases.authenticatePush : useCases.authenticate)(keys, address);
    return request.caller;
  }
  const { token } = request.params as { token: string };
  const hook = await useCases.authenticateHook(token, address);
  Object.assign(request, hook);
  return hook.caller;
}

/** Whether a request only pushes; with an idempotency key, it may get an earlier job. */
function isPush({ method, routeOptions, headers }: FastifyRequest): boolean {
  const mayGetOther = headers['idempotency-key'] !== undefined;
  return method === 'POST' && !mayGetOther && PUSH_ROUTES.includes(routeOptions.url ?? '');
}

/** Whether a request needs no key. OPTIONS needs none, because it shows nothing but the methods of a path, and what is not a push URL needs none under its path. */
function isOpen({ method, url, routeOptions }: FastifyRequest): boolean {
  if (method === 'OPTIONS' || (routeOptions.url === undefined && isUnderHooks(url))) return true;
  return (method === 'GET' || method === 'HEAD') && OPEN_PATHS.includes(routeOptions.url ?? '');
}

/** Turns what fastify itself refuses, such as a malformed URL, into a refusal with the code of its status. */
function asRefusal(error: unknown, { url, headers }: FastifyRequest): unknown {
  const { statusCode, code, message = '' } = error as { statusCode?: number; code?: string; message?: string };
  if (error instanceof SluiceError || statusCode === undefined || statusCode >= 500) return error;
  const refusalCode = CODE_OF_HTTP_STATUS.get(statusCode) ?? 'BAD_REQUEST';
  switch (code) {
    case 'FST_ERR_BAD_URL':
      return new SluiceError(
        refusalCode,
        `the URL ${briefJson(shownPath(url))} is malformed; encode its parts, % as %25`,
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': {
      const sent = briefJson(headers['content-type']);
      return new SluiceError(refusalCode, `${sent} is not a valid Content-Type; send 'Content-Type: application/json'`);
    }
    default:
      return new SluiceError(refusalCode, message.slice(0, 200).toWellFormed() || 'the request is malformed');
  }
}
