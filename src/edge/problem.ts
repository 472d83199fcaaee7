import type { FastifyReply } from 'fastify';
import { type ErrorCode, type ErrorDetails, HTTP_STATUS_OF_CODE, type SluiceError } from '../domain/errors.js';
import { withoutTokens } from '../domain/hooks/redact-tokens.js';

/** A refusal as application/problem+json (RFC 9457), with `code` from the same set as GraphQL's. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function problemOf({ code, message, details }: SluiceError): Problem {
  const status = HTTP_STATUS_OF_CODE[code];
  const title = code.toLowerCase().replaceAll('_', ' ');
  const problem = { type: 'about:blank', title, status, code, detail: message, ...details };
  const headers = { ...refusalHeaders(code, details), 'content-type': 'application/problem+json' };
  return { status, headers, body: Buffer.from(withoutTokens(JSON.stringify(problem))) };
}

/** Sends a refusal. The body is sent as bytes, because fastify would add a charset to text, and this media type has none. */
export function sendProblem(reply: FastifyReply, refusal: SluiceError): FastifyReply {
  const { status, headers, body } = problemOf(refusal);
  return reply.code(status).headers(headers).send(body);
}

/** The headers of a refusal, for REST and GraphQL. */
export function refusalHeaders(code: ErrorCode, { retryAfterSeconds, allow }: ErrorDetails): Record<string, string> {
  return {
    ...(code === 'PAYLOAD_TOO_LARGE' && { connection: 'close' }),
    ...(code === 'UNAUTHENTICATED' && { 'www-authenticate': 'ApiKey header="x-api-key", Bearer' }),
    ...(allow !== undefined && { allow }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  };
}
