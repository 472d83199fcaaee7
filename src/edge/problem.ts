import type { FastifyReply } from 'fastify';
import { HTTP_STATUS_OF_CODE, type SluiceError } from '../domain/errors.js';
import { withoutTokens } from '../domain/hooks/redact-tokens.js';
import { CredentialRefusal } from '../domain/security/refusal.js';
import { boundedRefusal } from './bounded-refusal.js';

/** A refusal as application/problem+json (RFC 9457), with `code` from the same set as GraphQL's. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function problemOf(refusal: SluiceError): Problem {
  const { code } = refusal;
  const { message, details } = boundedRefusal(refusal);
  const status = HTTP_STATUS_OF_CODE[code];
  const title = code.toLowerCase().replaceAll('_', ' ');
  const problem = { type: 'about:blank', title, status, code, detail: message, ...details };
  const headers = { ...refusalHeaders(refusal), 'content-type': 'application/problem+json' };
  return { status, headers, body: Buffer.from(withoutTokens(JSON.stringify(problem))) };
}

/** Sends a refusal. The body is sent as bytes, because fastify would add a charset to text, and this media type has none. */
export function sendProblem(reply: FastifyReply, refusal: SluiceError): FastifyReply {
  const { status, headers, body } = problemOf(refusal);
  return reply.code(status).headers(headers).send(body);
}

/** The headers of a refusal, for REST and GraphQL. */
export function refusalHeaders(refusal: SluiceError): Record<string, string> {
  const { code, details } = refusal;
  const { retryAfterSeconds, allow } = details;
  return {
    ...(code === 'PAYLOAD_TOO_LARGE' && { connection: 'close' }),
    ...(code === 'UNAUTHENTICATED' && { 'www-authenticate': challengeOf(refusal) }),
    ...(allow !== undefined && { allow }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  };
}

/** How a caller can prove who it is. At a push URL, keys and tokens mean nothing. */
function challengeOf(refusal: SluiceError): string {
  const isUnsigned = refusal instanceof CredentialRefusal && refusal.reason === 'REFUSED_SIGNATURE';
  return isUnsigned ? 'Signature' : 'ApiKey header="x-api-key", Bearer';
}
