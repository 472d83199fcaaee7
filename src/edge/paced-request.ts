import { turnIsOver } from '../event-loop/turns.js';
import { letSocketRest } from './paced-socket.js';
import { UpgradableRequest } from './upgradable-request.js';

/** What is smaller is joined. */
const SMALL_BYTES = 1_024;

/** Where the small chunks of one request at a time are joined. */
const joint = Buffer.allocUnsafeSlow(64 * 1024);
let joinedBytes = 0;
/** Whose chunks these are. */
let owner: PacedRequest | null = null;

/**
 * A request whose small chunks are joined as they arrive, before anybody reads them: kept by themselves, chunks of one byte would take hundreds of times their size, for which no memory is reserved until the key has
 * been checked. If they take long, the connection is read on only after others had their turn.
 */
export class PacedRequest extends UpgradableRequest {
  #hasBegun = false;

  /** Node calls this with each chunk of the body, and with null after the last one. */
  override push(chunk: Buffer | null): boolean {
    // The first chunk of a body is usually the only one, and is not copied.
    if (chunk !== null && chunk.length < SMALL_BYTES && this.#hasBegun) return this.#join(chunk);
    this.#hasBegun = true;
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
    if (turnIsOver()) letSocketRest(this.socket, () => this.#mayReadOn());
    return this.readableLength + joinedBytes < this.readableHighWaterMark;
  }

  /** Not if more of the body is to come than its reader has room for: the stream resumes the socket once it is read. */
  #mayReadOn(): boolean {
    return this.complete || this.destroyed || this.readableLength < this.readableHighWaterMark;
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
