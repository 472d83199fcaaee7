import { IncomingMessage } from 'node:http';

const WEBSOCKET = /\bwebsocket\b/i;
const asked = new WeakMap<IncomingMessage, boolean>();

/**
 * A request that is upgraded only to what the service speaks. Node sets `upgrade` from the headers, and with a listener for upgrades takes any request that asks for
 * one out of HTTP: also those that Java's client, and curl with `--http2`, begin with (`Upgrade: h2c`), of which HTTP wants that they are answered as if they
 * had not asked.
 */
export class UpgradableRequest extends IncomingMessage {
  /** Set before the headers are there. */
  set upgrade(isAsked: boolean | null) {
    asked.set(this, isAsked === true);
  }

  get upgrade(): boolean {
    if (asked.get(this) !== true) return false;
    return this.method === 'CONNECT' || WEBSOCKET.test(this.headers.upgrade ?? '');
  }
}
