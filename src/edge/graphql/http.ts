import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { HTTP_STATUS_OF_CODE, type SluiceError } from '../../domain/errors.js';
import { isJsonObject } from '../../domain/json/json-value.js';
import { parseJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import type { Logger } from '../../telemetry/logger.js';
import type { UseCases } from '../../usecases/use-cases.js';
import { callerOf } from '../authentication.js';
import { type BodyLimits, readBody, requireMediaType } from '../request-body.js';
import { type GraphqlContext, SharedReads } from './context.js';
import { formatGraphqlError } from './format-error.js';
import { refuseCostlyQuery } from './query-limits.js';

export interface GraphqlOptions extends BodyLimits {
  readonly schema: GraphQLSchema;
  readonly useCases: UseCases;
  readonly logger: Logger;
}

/** GraphQL over HTTP at `/graphql`. Answers the server, to be stopped with the service. */
export async function addGraphqlRoute(
  app: FastifyInstance,
  options: GraphqlOptions,
): Promise<ApolloServer<GraphqlContext>> {
  const { schema, useCases, logger } = options;
  const apollo = new ApolloServer<GraphqlContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    // Every request carries a key in a header, which no foreign site can make a browser send.
    csrfPrevention: false,
    stringifyResult: stringifyJson,
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) => formatGraphqlError(error, logger),
  });
  await apollo.start();
  const handle = fastifyApolloHandler(apollo, {
    context: async (request) => ({ caller: callerOf(request), useCases, shared: new SharedReads(useCases) }),
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async preHandler(request, reply) {
      if (request.method === 'POST') await readQuery(request, reply, options);
      else refuseCostlyQuery(String((request.query as { query?: unknown }).query ?? ''));
    },
    handler: handle,
  });
  return apollo;
}

async function readQuery(request: FastifyRequest, reply: FastifyReply, limits: BodyLimits): Promise<void> {
  const body = await readBody(request, reply, limits);
  requireMediaType(body, ['application/json']);
  const parsed = parseJson(body.bytes);
  if (isJsonObject(parsed) && typeof parsed.query === 'string') refuseCostlyQuery(parsed.query);
  request.body = parsed;
}

/** A refusal that comes before GraphQL looks at the request, in GraphQL's own shape. */
export function sendGraphqlError(reply: FastifyReply, { code, message, details }: SluiceError): FastifyReply {
  if (code === 'PAYLOAD_TOO_LARGE') void reply.header('connection', 'close');
  if (details.retryAfterSeconds !== undefined) void reply.header('retry-after', String(details.retryAfterSeconds));
  return reply
    .code(HTTP_STATUS_OF_CODE[code])
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message, extensions: { code, ...details } }] }));
}
