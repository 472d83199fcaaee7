import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../domain/errors.js';

/** Headers that may have only one value. Given two, Node takes the first or joins them with a comma. */
const SINGLE = ['idempotency-key', 'content-type', 'content-encoding', 'host'] as const;

/** Refuses a request with contradicting headers, since nobody could say which one is meant. Throws BAD_REQUEST. */
export function refuseConflictingHeaders(request: IncomingMessage): void {
  const { httpVersion, headers } = request;
  if (hasRepeatedHeaders(request)) refuseDifferentValues(request);
  if (headers.host === undefined && httpVersion === '1.1') {
    throw new SluiceError('BAD_REQUEST', 'the request has no Host header, which HTTP/1.1 requires', { field: 'host' });
  }
  const { 'transfer-encoding': transfer } = headers;
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') {
    const message =
      'only Transfer-Encoding: chunked is supported; name the compression of the body in Content-Encoding';
    throw new SluiceError('BAD_REQUEST', message, {
      field: 'transfer-encoding',
      expected: 'chunked',
      actual: brief([transfer]),
    });
  }
}

/** The value of a header that may have only one value; the same value may be sent twice. */
export function singleHeader(request: IncomingMessage, name: (typeof SINGLE)[number]): string | undefined {
  const sent = hasRepeatedHeaders(request) ? request.headersDistinct[name] : request.headers[name];
  return typeof sent === 'string' ? sent : sent?.[0];
}

/**
 * Whether a name occurs twice. Hardly any request has such a header, and Node makes a second list of all of them for `headersDistinct`. A name that `headers` cannot hold, such as `__proto__`, counts as one that does. Invariant:
 * nobody adds headers to a request.
 */
function hasRepeatedHeaders({ rawHeaders, headers }: IncomingMessage): boolean {
  return Object.keys(headers).length < rawHeaders.length / 2;
}

function refuseDifferentValues({ headersDistinct }: IncomingMessage): void {
  for (const name of SINGLE) {
    const values = headersDistinct[name];
    if (!values || new Set(values).size < 2) continue;
    const message = `two different ${name} headers were sent; send one`;
    throw new SluiceError('BAD_REQUEST', message, { field: name, expected: 'one value', actual: brief(values) });
  }
}

function brief(values: readonly string[]): string {
  return values.join(', ').slice(0, 200);
}
