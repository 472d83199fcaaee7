import { IncomingMessage } from 'node:http';

const WEBSOCKET = /\bwebsocket\b/i;
const asked = new WeakMap<IncomingMessage, boolean>();

/**
 * A request that is upgraded only to a protocol that the service speaks. Node sets `upgrade` from the headers. If there is a listener for upgrades, Node hands it
 * every request with an Upgrade header, including the `Upgrade: h2c` with which Java's client and `curl --http2` start. HTTP wants a server to ignore an upgrade
 * that it does not support.
 */
export class UpgradableRequest extends IncomingMessage {
  /** Node sets this before the headers are available. */
  set upgrade(isAsked: boolean | null) {
    asked.set(this, isAsked === true);
  }

  get upgrade(): boolean {
    if (asked.get(this) !== true) return false;
    return this.method === 'CONNECT' || WEBSOCKET.test(this.headers.upgrade ?? '');
  }
}
