import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that a client may send on one connection before it has the response to the first of them. */
const MAX_PIPELINED = 100;

/**
 * Tracks the responses of each connection that are not sent yet. Cuts a connection on which too many requests wait for theirs: node hands over thousands of them at once, if they arrive together. When a connection is
 * closed, closes the responses on it that wait for an earlier one, so that what they hold is released. Call `follow` after every listener for requests is there.
 */
export class OpenResponses {
  readonly #ofSockets = new WeakMap<Socket, Set<ServerResponse>>();

  follow(server: Server): void {
    const listeners = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      const { socket } = request;
      if (socket.destroyed) return;
      const open = this.#ofSockets.get(socket) ?? this.#track(socket);
      if (open.size === MAX_PIPELINED) {
        socket.destroy();
        return;
      }
      open.add(response);
      response.once('close', () => open.delete(response));
      for (const listener of listeners) listener.call(server, request, response);
    });
  }

  /** In the order of their requests. */
  of(socket: Socket): readonly ServerResponse[] {
    return [...(this.#ofSockets.get(socket) ?? [])];
  }

  #track(socket: Socket): Set<ServerResponse> {
    const open = new Set<ServerResponse>();
    this.#ofSockets.set(socket, open);
    socket.once('close', () => {
      for (const response of open) response.destroy();
      // Node.js 24 emits it by then, Node.js 20 only for the response whose turn it was.
      process.nextTick(() => {
        for (const response of open) response.emit('close');
      });
    });
    return open;
  }
}
