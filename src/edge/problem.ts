import type { FastifyReply } from 'fastify';
import { HTTP_STATUS_OF_CODE, type SluiceError } from '../domain/errors.js';

/** Answers a refusal as application/problem+json (RFC 9457), with `code` from the same set as GraphQL's. */
export function sendProblem(reply: FastifyReply, { code, message, details }: SluiceError): FastifyReply {
  const status = HTTP_STATUS_OF_CODE[code];
  if (code === 'PAYLOAD_TOO_LARGE') void reply.header('connection', 'close');
  if (details.retryAfterSeconds !== undefined) void reply.header('retry-after', String(details.retryAfterSeconds));
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'ApiKey header="x-api-key"');
  const title = code.toLowerCase().replaceAll('_', ' ');
  const problem = { type: 'about:blank', title, status, code, detail: message, ...details };
  // As bytes: fastify would add a charset to text, which this media type does not have.
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}
