import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

const MAX_REQUEST_ID = 64;
/** Nothing that could be mistaken for another part of a line of the log. */
const WELL_FORMED = /^[\w.:-]+$/;

const ids = new WeakMap<IncomingMessage, string>();

/**
 * The id of a request, which its response, its errors and the log have: the one that the client sends in `x-request-id` if it is short and well-formed, otherwise a
 * new one.
 */
export function requestIdOf(request: IncomingMessage): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  // If the header is sent twice, Node joins the values with a comma, which is not well-formed.
  const sent = request.headers[REQUEST_ID_HEADER];
  const id =
    typeof sent === 'string' && sent.length <= MAX_REQUEST_ID && WELL_FORMED.test(sent) ? sent : newRequestId();
  ids.set(request, id);
  return id;
}

/** The id of a request that could not be read. */
export function newRequestId(): string {
  return randomUUID();
}
