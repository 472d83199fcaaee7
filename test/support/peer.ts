import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** The protocol spoken by hand, message for message. */
export class Peer {
  readonly #messages: string[] = [];
  #wake: (() => void) | undefined;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.#messages.push(String(data));
      this.#wake?.();
    });
    socket.on('close', () => this.#wake?.());
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message. Throws when the socket is closed: none would ever come. */
  async text(): Promise<string> {
    while (this.#messages.length === 0) {
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the socket is closed, and no message is left');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#messages.shift() ?? '';
  }

  async next(): Promise<Message> {
    return JSON.parse(await this.text());
  }
}

/** Opens a websocket, with these headers. */
export async function openPeer(url: string, headers: Record<string, string> = {}): Promise<Peer> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  const peer = new Peer(socket);
  await once(socket, 'open');
  return peer;
}

/** Opens a websocket with an API key that is accepted. */
export async function acceptedPeer(url: string, key: string): Promise<Peer> {
  const peer = await openPeer(url);
  peer.send({ type: 'connection_init', payload: { 'x-api-key': key } });
  const { type } = await peer.next();
  if (type !== 'connection_ack') throw new Error(`the service answered connection_init with ${type}`);
  return peer;
}
