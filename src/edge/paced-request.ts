import type { Socket } from 'node:net';
import { turnIsOver } from '../event-loop/turns.js';
import { isResting, letSocketRest } from './paced-socket.js';
import { UpgradableRequest } from './upgradable-request.js';

/** What is smaller is joined. */
const SMALL_BYTES = 1_024;

/** Where the small chunks of one request at a time are joined. */
const joint = Buffer.allocUnsafeSlow(64 * 1024);
let joinedBytes = 0;
/** Whose chunks these are. */
let owner: PacedRequest | null = null;

/**
 * A request whose body arrives in turns of the event loop: if the bodies that arrive together take long, its connection is read on only after others had their turn. Small chunks are joined as they
 * arrive, before anybody reads them: kept by themselves, chunks of one byte would take hundreds of times their size, for which no memory is reserved until the key has been checked.
 */
export class PacedRequest extends UpgradableRequest {
  /** Node takes the socket away from a request that is destroyed, and its parser may still pass chunks on. */
  readonly #connection: Socket;
  #hasBegun = false;
  #isDropped = false;

  constructor(socket: Socket) {
    super(socket);
    this.#connection = socket;
  }

  /** Node calls this with each chunk of the body, and with null after the last one. */
  override push(chunk: Buffer | null): boolean {
    if (this.#isDropped && chunk !== null) {
      if (turnIsOver()) letSocketRest(this.#connection, () => true);
      return true;
    }
    // The first chunk of a body is usually the only one: it is not copied, and nothing rests for it.
    if (chunk === null || !this.#hasBegun) {
      this.#hasBegun = true;
      return this.#pass(chunk);
    }
    const readsOn = chunk.length < SMALL_BYTES ? this.#join(chunk) : this.#pass(chunk);
    if (turnIsOver()) letSocketRest(this.#connection, () => this.#mayReadOn());
    return readsOn;
  }

  #pass(chunk: Buffer | null): boolean {
    this.#pushJoined();
    return super.push(chunk);
  }

  #join(chunk: Buffer): boolean {
    if (owner && (owner !== this || joinedBytes + chunk.length > joint.length)) owner.#pushJoined();
    if (owner === null) {
      owner = this;
      // Once all that has arrived is read.
      setImmediate(PacedRequest.#pushJoinedOf, this);
    }
    joint.set(chunk, joinedBytes);
    joinedBytes += chunk.length;
    return this.#hasRoom();
  }

  /**
   * Node calls this when the body's reader has taken what has arrived and waits for more. While the connection rests, nothing is done: the end of the rest reads on, since such a body has room. Until the next call, node
   * does not know that the body is read: a response that ends before would drop the rest of it.
   */
  override _read(size: number): void {
    if (!isResting(this.#connection)) super._read(size);
  }

  /**
   * Node calls this when a response has ended and nobody has read the body, after a refusal for example. Its own method makes it pass on no further chunk: then the connection would never rest, and nobody's
   * turn came while small chunks are parsed.
   */
  _dump(): void {
    if (this.#isDropped) return;
    this.#isDropped = true;
    this.removeAllListeners('data');
    this.resume();
  }

  /** Not if more of the body is to come than its reader has room for: the stream resumes the socket once it is read. */
  #mayReadOn(): boolean {
    return this.complete || this.destroyed || this.#hasRoom();
  }

  /** Whether the reader of the body has room for more of it. */
  #hasRoom(): boolean {
    return this.readableLength + (owner === this ? joinedBytes : 0) < this.readableHighWaterMark;
  }

  static #pushJoinedOf(this: void, request: PacedRequest): void {
    request.#pushJoined();
  }

  #pushJoined(): void {
    if (owner !== this) return;
    const joined = Buffer.from(joint.subarray(0, joinedBytes));
    [owner, joinedBytes] = [null, 0];
    if (!this.destroyed) super.push(joined);
  }
}
