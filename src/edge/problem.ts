import type { FastifyReply } from 'fastify';
import { type ErrorCode, type ErrorDetails, HTTP_STATUS_OF_CODE, type SluiceError } from '../domain/errors.js';

/** Answers a refusal as application/problem+json (RFC 9457), with `code` from the same set as GraphQL's. */
export function sendProblem(reply: FastifyReply, { code, message, details }: SluiceError): FastifyReply {
  const status = HTTP_STATUS_OF_CODE[code];
  const title = code.toLowerCase().replaceAll('_', ' ');
  const problem = { type: 'about:blank', title, status, code, detail: message, ...details };
  // As bytes: fastify would add a charset to text, which this media type does not have.
  return withRefusalHeaders(reply, code, details)
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

/** The headers that a refusal has on both edges. */
export function withRefusalHeaders(reply: FastifyReply, code: ErrorCode, details: ErrorDetails): FastifyReply {
  if (code === 'PAYLOAD_TOO_LARGE') void reply.header('connection', 'close');
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'ApiKey header="x-api-key"');
  const { retryAfterSeconds } = details;
  return retryAfterSeconds === undefined ? reply : reply.header('retry-after', String(retryAfterSeconds));
}
