import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../domain/errors.js';

/** Headers that may have only one value. Given two, Node takes the first or joins them with a comma. */
const SINGLE = ['idempotency-key', 'content-type', 'content-encoding', 'host'] as const;

/** Refuses a request with contradicting headers, since nobody could say which one is meant. Throws BAD_REQUEST. */
export function refuseConflictingHeaders({ headersDistinct, httpVersion, headers }: IncomingMessage): void {
  for (const name of SINGLE) {
    const values = headersDistinct[name];
    if (values && values.length > 1 && new Set(values).size > 1) {
      const message = `two different ${name} headers were sent; send one`;
      throw new SluiceError('BAD_REQUEST', message, { field: name, expected: 'one value', actual: brief(values) });
    }
  }
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
export function singleHeader({ headersDistinct }: IncomingMessage, name: (typeof SINGLE)[number]): string | undefined {
  return headersDistinct[name]?.[0];
}

function brief(values: readonly string[]): string {
  return values.join(', ').slice(0, 200);
}
