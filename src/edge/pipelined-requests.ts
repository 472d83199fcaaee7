import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that a client may send on one connection before it has the response to the first of them. */
const MAX_PIPELINED = 100;

/**
 * Cuts connections on which too many requests wait for their responses: node hands over thousands of them at once, if they arrive together. When a connection is closed, it closes the
 * responses that wait for an earlier one: node closes only the first. Call it after every listener for requests is there.
 */
export function boundPipelining(server: Server): void {
  const waitingOn = new WeakMap<Socket, Set<ServerResponse>>();
  const listeners = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    let waiting = waitingOn.get(socket);
    if (!waiting) {
      waiting = responsesOf(socket);
      waitingOn.set(socket, waiting);
    }
    if (waiting.size === MAX_PIPELINED) {
      socket.destroy();
      return;
    }
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
    for (const listener of listeners) listener.call(server, request, response);
  });
}

/** An empty set for the responses of a connection. Those in it that never had their turn are closed with the connection. */
function responsesOf(socket: Socket): Set<ServerResponse> {
  const waiting = new Set<ServerResponse>();
  socket.once('close', () => {
    for (const response of waiting) {
      // The one whose turn it is has the socket.
      if (response.socket || response.writableFinished) continue;
      response.destroy();
      response.emit('close');
    }
  });
  return waiting;
}
