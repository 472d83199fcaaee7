import { once } from 'node:events';
import { maxHeaderSize, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SluiceError } from '../domain/errors.js';
import { ALL_METHODS } from './methods.js';
import type { OpenResponses } from './pipelined-requests.js';
import { endSoon, respondRaw } from './raw-response.js';

/**
 * Refuses what node's HTTP parser rejects: headers that are too large, a malformed request line or header, a body that is cut or whose length is ambiguous, a
 * request that takes too long. Each response is sent in its turn, after those to the earlier requests on the same connection. Then the connection is closed,
 * since nobody knows where the next request would begin.
 */
export class UnparsedRequests {
  readonly #last = new WeakMap<Duplex, ServerResponse>();
  readonly #refused = new WeakSet<Duplex>();

  constructor(private readonly open: OpenResponses) {}

  /** Starts to track the last request of each connection. */
  follow(server: Server): void {
    server.on('request', ({ socket }, response) => void this.#last.set(socket, response));
    server.on('connect', (_request, socket: Duplex) => respondRaw(socket, connectRefused()));
  }

  /** Handles `clientError`. Node may emit it again for what comes after the fault. */
  readonly refuse = (error: Error & { code?: string }, socket: Socket): void => {
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else void this.#respondInTurn(refusalOf(error), socket);
  };

  async #respondInTurn(refusal: SluiceError, socket: Socket): Promise<void> {
    const last = this.#last.get(socket);
    // Otherwise the fault comes after the last request.
    const isInBody = last?.req.complete === false;
    const before = this.open.of(socket).filter((one) => !(isInBody && one === last));
    await Promise.all(before.map((response) => once(response, 'close')));
    if (isInBody && last.headersSent) endSoon(socket);
    else respondRaw(socket, refusal);
  }
}

function refusalOf(error: Error & { code?: string; reason?: string }): SluiceError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new SluiceError(
        'HEADERS_TOO_LARGE',
        `the request line and the headers have more than ${maxHeaderSize} bytes; send long values in the body`,
        { expected: `at most ${maxHeaderSize} bytes` },
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new SluiceError('REQUEST_TIMEOUT', 'the request took too long to arrive; send it again, in smaller parts');
    case 'HPE_INVALID_EOF_STATE':
      return new SluiceError('BAD_REQUEST', 'the request ended before it was complete; send it again');
    case 'HPE_INVALID_CHUNK_SIZE':
      return malformed(error, 'a chunk of the body is malformed');
    case 'HPE_UNEXPECTED_CONTENT_LENGTH':
    case 'HPE_INVALID_CONTENT_LENGTH':
    case 'HPE_INVALID_TRANSFER_ENCODING':
      return malformed(
        error,
        'the length of the body is ambiguous; send either one Content-Length or Transfer-Encoding: chunked',
      );
    default:
      return malformed(error, 'the request is not valid HTTP/1.1');
  }
}

/** The reasons are constants of the parser and quote nothing from the request. */
function malformed({ reason }: { reason?: string }, what: string): SluiceError {
  return new SluiceError('BAD_REQUEST', reason === undefined ? what : `${what} (${reason})`);
}

function connectRefused(): SluiceError {
  return new SluiceError('METHOD_NOT_ALLOWED', 'CONNECT asks for a proxy, and this service is not one', {
    allow: ALL_METHODS,
  });
}
