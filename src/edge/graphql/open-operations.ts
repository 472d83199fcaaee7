import { SluiceError } from '../../domain/errors.js';

const MAX_SOCKETS_OF_CALLER = 500;
const MAX_OPERATIONS_OF_SOCKET = 100;
const MAX_OPERATIONS_OF_CALLER = 1_000;

/** A websocket, and its running operations by id. */
interface Peer {
  readonly subscriptions: Readonly<Record<string, unknown>>;
}

/** Limits the running operations on all websockets: each change of a job is computed once for every subscription to it. */
export class OpenOperations {
  readonly #peers = new Map<string, Set<Peer>>();

  /** Adds a websocket. Throws BACK_PRESSURE when its owner has too many. */
  add(owner: string, peer: Peer): void {
    const peers = this.#peers.get(owner) ?? new Set();
    if (peers.size >= MAX_SOCKETS_OF_CALLER) {
      throw new SluiceError(
        'BACK_PRESSURE',
        `the API key or token has ${peers.size} websockets open; share them, or close some`,
      );
    }
    this.#peers.set(owner, peers.add(peer));
  }

  /** Removes a websocket. */
  remove(owner: string, peer: Peer): void {
    const peers = this.#peers.get(owner);
    peers?.delete(peer);
    if (peers?.size === 0) this.#peers.delete(owner);
  }

  /** Throws BACK_PRESSURE when the newest operation of a websocket exceeds a limit. */
  refuseTooMany(owner: string, peer: Peer): void {
    if (countOf(peer) > MAX_OPERATIONS_OF_SOCKET) throw tooMany('this websocket', MAX_OPERATIONS_OF_SOCKET);
    let ofOwner = 0;
    for (const one of this.#peers.get(owner) ?? []) ofOwner += countOf(one);
    if (ofOwner > MAX_OPERATIONS_OF_CALLER) throw tooMany('the API key or token', MAX_OPERATIONS_OF_CALLER);
  }
}

function countOf({ subscriptions }: Peer): number {
  return Object.keys(subscriptions).length;
}

function tooMany(whose: string, most: number): SluiceError {
  const message = `${whose} has ${most} running operations; complete some first. One subscription can watch a whole dataset`;
  return new SluiceError('BACK_PRESSURE', message);
}
