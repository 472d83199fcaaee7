import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../domain/errors.js';

/** Headers that mean one thing a request. Node takes the first of two, or puts them together with a comma. */
const SINGLE = ['idempotency-key', 'content-type', 'content-encoding', 'host'] as const;

/** Refuses what a request says twice in different ways, since it would be left open which is meant. Throws BAD_REQUEST. */
export function refuseConflictingHeaders({ headersDistinct, httpVersion, headers }: IncomingMessage): void {
  for (const name of SINGLE) {
    const values = headersDistinct[name];
    if (values && values.length > 1 && new Set(values).size > 1) {
      const message = `two different headers ${name} were sent; send one`;
      throw new SluiceError('BAD_REQUEST', message, { field: name, expected: 'one value', actual: brief(values) });
    }
  }
  if (headers.host === undefined && httpVersion === '1.1') {
    throw new SluiceError('BAD_REQUEST', 'the request has no Host header, which HTTP/1.1 requires', { field: 'host' });
  }
  const { 'transfer-encoding': transfer } = headers;
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') {
    const message = 'only Transfer-Encoding: chunked is taken; say how the body is compressed with Content-Encoding';
    throw new SluiceError('BAD_REQUEST', message, {
      field: 'transfer-encoding',
      expected: 'chunked',
      actual: brief([transfer]),
    });
  }
}

/** The value of a header that means one thing a request; the same value may come twice. */
export function singleHeader({ headersDistinct }: IncomingMessage, name: (typeof SINGLE)[number]): string | undefined {
  return headersDistinct[name]?.[0];
}

function brief(values: readonly string[]): string {
  return values.join(', ').slice(0, 200);
}
