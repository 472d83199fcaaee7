import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { ALL_METHODS } from './methods.js';
import type { BrowserOptions, Origins } from './origins.js';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.js';

/** What pages of named origins may send. Everything else that they need is allowed without being named. */
const ALLOWED_HEADERS = [
  'x-api-key',
  'authorization',
  'content-type',
  'content-encoding',
  'idempotency-key',
  REQUEST_ID_HEADER,
].join(', ');

/** The headers of responses that pages of named origins may read. */
const EXPOSED_HEADERS = [
  REQUEST_ID_HEADER,
  'retry-after',
  'ratelimit-policy',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'idempotency-replayed',
  'allow',
  'www-authenticate',
].join(', ');

/** How long a browser may remember a preflight. */
const PREFLIGHT_SECONDS = 600;

const YEAR_SECONDS = 31_536_000;

/** For every response: nothing that the service sends is a page, may be guessed to be one, or is for caches, since responses can contain secrets. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Returns a function that adds, to a response, the headers that every response has: the id of the request, and what browsers need to know. */
export function responseHeaders(origins: Origins, { publicUrl }: BrowserOptions): AddHeaders {
  // On plain HTTP it would lock out the browsers of a service that has no TLS.
  const isSecure = publicUrl?.startsWith('https:') === true;
  const constant = {
    ...SECURITY_HEADERS,
    ...(isSecure && { 'strict-transport-security': `max-age=${YEAR_SECONDS}` }),
    ...(origins.areNamed && { vary: 'Origin' }),
  };
  return (request, reply) => {
    void reply.headers(constant).header(REQUEST_ID_HEADER, requestIdOf(request));
    const origin = origins.namedIn(request);
    if (origin === null) return;
    void reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS });
    if (isPreflight(request)) void reply.headers(PREFLIGHT_HEADERS);
  };
}

export type AddHeaders = (request: IncomingMessage, reply: FastifyReply) => void;

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': ALL_METHODS,
  'access-control-allow-headers': ALLOWED_HEADERS,
  'access-control-max-age': String(PREFLIGHT_SECONDS),
};

/** Whether a browser asks if a page may send a request. It carries no key. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}
