import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
} from 'graphql';
import { HTTP_STATUS_OF_CODE, SluiceError } from '../../domain/errors.js';
import { isJsonObject } from '../../domain/json/json-value.js';
import { parseSentJson } from '../../domain/json/parse-json.js';
import { holdsWrittenJson } from '../../domain/json/stringify-json.js';
import type { MemoryBudget } from '../../ports/memory-budget.js';
import type { NoteRefusals } from '../../usecases/refusal-counter.js';
import type { UseCases } from '../../usecases/use-cases.js';
import { callerOf } from '../authentication.js';
import { boundedRefusal } from '../bounded-refusal.js';
import { refusalHeaders } from '../problem.js';
import { type BodyLimits, readBody, requireMediaType } from '../request-body.js';
import type { ErrorContext } from '../to-sluice-error.js';
import { AnswerErrors } from './answer-errors.js';
import { AnswerRoom, RoomsOfAnswers } from './answer-room.js';
import { answerText } from './answer-text.js';
import { contextFor, type GraphqlContext } from './context.js';
import { causeOf } from './format-error.js';
import { refuseCostlyOperation } from './query-cost.js';
import { refuseCostlyQuery } from './query-limits.js';
import { parseRequestJson } from './request-json.js';

export const GRAPHQL_PATH = '/graphql';

/** Waiting for a job takes up to a minute; to read a long answer in the rest takes 140 KB a second. */
const LONGEST_ANSWER_MS = 5 * 60_000;

/** Headers that a browser sends to another site only after a preflight, unlike a link or a form. */
const PREFLIGHTED_HEADERS = ['x-api-key', 'authorization', 'apollo-require-preflight', 'x-apollo-operation-name'];

export interface GraphqlOptions extends BodyLimits, ErrorContext {
  readonly schema: GraphQLSchema;
  /** Whether clients may read the schema; by default they may. */
  readonly introspection?: boolean | undefined;
  readonly useCases: UseCases;
  readonly noteRefusals: NoteRefusals;
  /** For what is answered and not sent yet. */
  readonly answerMemory: MemoryBudget;
  /** How long a request may take until its client has the whole answer, which holds memory meanwhile; by default 5 minutes. Then its connection is cut. */
  readonly longestAnswerMs?: number | undefined;
}

/** Adds GraphQL over HTTP at `/graphql`. Returns the server; stop it with the service. */
export async function addGraphqlRoute(
  app: FastifyInstance,
  options: GraphqlOptions,
): Promise<ApolloServer<GraphqlContext>> {
  const { schema, useCases, logger, storage, introspection = true } = options;
  const errors = new AnswerErrors({ logger, storage });
  const rooms = new RoomsOfAnswers();
  const apollo = new ApolloServer<GraphqlContext>({
    schema,
    // Its own switch has a message about itself.
    introspection: true,
    validationRules: introspection ? [] : [NoSchemaIntrospectionCustomRule],
    // Names that are similar to a misspelled one would tell the schema too.
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    // Every request needs a key in a header, and no foreign site can make a browser send one. This holds too if a proxy adds the key.
    csrfPrevention: { requestHeaders: PREFLIGHTED_HEADERS },
    allowBatchedHttpRequests: false,
    stringifyResult: (result) =>
      answerText(result as FormattedExecutionResult, { room: rooms.take(result as FormattedExecutionResult) }),
    stopOnTerminationSignals: false,
    formatError: errors.format,
    plugins: [
      confirming,
      refusals(schema),
      errors.plugin,
      noting(options.noteRefusals),
      remembering(rooms),
      ApolloServerPluginLandingPageDisabled(),
      // No answer may be cached, and this plugin is called for every field.
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  await apollo.start();
  const releases = new WeakMap<FastifyRequest, () => void>();
  const handle = fastifyApolloHandler(apollo, {
    async context(request, reply) {
      const release = releases.get(request);
      // A WeakMap that outlives the request would keep it through collections of young objects (decision 28).
      releases.delete(request);
      const room = new AnswerRoom(options.answerMemory);
      // Not the response: it may wait for an earlier one on the connection.
      const cut = setTimeout(() => request.raw.socket.destroy(), options.longestAnswerMs ?? LONGEST_ANSWER_MS).unref();
      const end = () => {
        clearTimeout(cut);
        room.end();
      };
      // The client may have left while its query was read.
      if (reply.raw.destroyed) end();
      else reply.raw.once('close', end);
      const { confirmation } = request;
      return contextFor({
        caller: callerOf(request),
        confirmation,
        useCases,
        requestId: request.id,
        releaseBody: () => release?.(),
        room,
      });
    },
  });
  app.route<{ Reply: string }>({
    method: ['GET', 'POST'],
    url: GRAPHQL_PATH,
    // The library handles only GET and POST.
    exposeHeadRoute: false,
    async preHandler(request, reply) {
      if (request.method === 'POST') releases.set(request, await readQuery(request, reply, options));
      else checkParameters(request.query as { query?: unknown; variables?: unknown });
    },
    // To write a string, Node.js reserves three bytes for each of its characters until the client has them.
    onSend: async (_request, _reply, payload) => (typeof payload === 'string' ? Buffer.from(payload) : payload),
    async handler(request, reply) {
      const answer = await handle.call(this, request, reply);
      await request.confirmation;
      return answer;
    },
  });
  return apollo;
}

/** Refuses valid operations that cannot run here: subscriptions, and those that cost too much. */
function refusals(schema: GraphQLSchema): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request }) {
          if (!operation) return;
          try {
            if (operation.operation === 'subscription') throw subscriptionOverHttp();
            refuseCostlyOperation(schema, document, operation, request.variables ?? {});
          } catch (error) {
            if (!(error instanceof SluiceError)) throw error;
            const extensions = { http: { status: HTTP_STATUS_OF_CODE[error.code] } };
            throw new GraphQLError(error.message, { originalError: error, extensions });
          }
        },
      };
    },
  };
}

/** Lets only queries begin before it is confirmed who the caller is. */
const confirming: ApolloServerPlugin<GraphqlContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue: { confirmation } }) {
        if (operation?.operation !== 'query') await confirmation;
      },
    };
  },
};

/** Notes the refusals among the errors of fields. What is refused before GraphQL starts is noted by the server. */
function noting(note: NoteRefusals): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart({ contextValue: { caller } }) {
      return { didEncounterErrors: async ({ errors }) => note(errors.map(causeOf), caller, caller.address) };
    },
  };
}

/** Remembers the room of an answer for the function that writes its text, which gets the answer alone. */
function remembering(rooms: RoomsOfAnswers): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart({ contextValue: { room } }) {
      return {
        async willSendResponse({ response: { body } }) {
          if (body.kind === 'single') rooms.put(body.singleResult, room);
        },
      };
    },
  };
}

function subscriptionOverHttp(): SluiceError {
  const message = 'subscriptions work over the websocket at /graphql (graphql-transport-ws), not over HTTP';
  return new SluiceError('BAD_REQUEST', message, { field: 'query' });
}

/** The library parses `variables` itself, which would round numbers. */
function checkParameters({ query, variables }: { query?: unknown; variables?: unknown }): void {
  refuseCostlyQuery(requiredQuery(query));
  if (typeof variables !== 'string' || variables === '') return;
  if (!holdsWrittenJson(parseSentJson(variables))) return;
  const message = 'variables has a number that a double cannot hold exactly; send the query with POST';
  throw new SluiceError('BAD_REQUEST', message, { field: 'variables' });
}

/** Returns a function that releases the memory of the body. */
async function readQuery(request: FastifyRequest, reply: FastifyReply, limits: BodyLimits): Promise<() => void> {
  const body = await readBody(request, reply, limits);
  requireMediaType(body, ['application/json']);
  const parsed = await parseRequestJson(body.bytes, body.reserve);
  if (Array.isArray(parsed)) throw batched();
  refuseCostlyQuery(requiredQuery(isJsonObject(parsed) ? parsed.query : undefined));
  request.body = parsed;
  return body.release;
}

function batched(): SluiceError {
  const message = 'the body is an array; batches are not supported: send each query in a request of its own';
  return new SluiceError('BAD_REQUEST', message, { expected: 'an object', actual: 'an array' });
}

function requiredQuery(query: unknown): string {
  if (typeof query === 'string' && query.trim() !== '') return query;
  const message =
    'the request has no query; send {"query": "...", "variables": {...}} as JSON, or the parameter query with GET; persisted queries are not supported';
  throw new SluiceError('BAD_REQUEST', message, { field: 'query' });
}

/** Sends, in the shape of a GraphQL response, a refusal that was made before GraphQL saw the request. */
export function sendGraphqlError(reply: FastifyReply, refusal: SluiceError): FastifyReply {
  const { code } = refusal;
  const { message, details } = boundedRefusal(refusal);
  return reply
    .code(HTTP_STATUS_OF_CODE[code])
    .headers(refusalHeaders(refusal))
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message, extensions: { code, ...details } }] }));
}
