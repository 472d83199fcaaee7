import { CloseCode, MessageType } from 'graphql-ws';
import type { RawData } from 'ws';
import { SluiceError } from '../../domain/errors.js';
import { isJsonObject, type JsonValue } from '../../domain/json/json-value.js';
import { endTurnIfOver, turnIsOver } from '../../event-loop/turns.js';
import type { MemoryBudget } from '../../ports/memory-budget.js';
import type { RateLimits } from '../../ports/rate-limits.js';
import type { Logger } from '../../telemetry/logger.js';
import { letSocketRest } from '../paced-socket.js';
import { backPressure } from '../request-body.js';
import { requestIdOf } from '../request-id.js';
import { Reservation } from '../reservation.js';
import { parseRequestJson } from './request-json.js';
import { type Extra, MAY_SUCCEED_LATER, SMALL_BYTES, TRY_AGAIN_LATER } from './socket-protocol.js';
import { bufferOf, byteLength, closeReason } from './socket-transport.js';

/** If a client sends one of these, the library closes the socket as if the server had failed. */
const ONLY_SENT_BY_SERVERS: readonly unknown[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error];
/** How much a client may send before its key is accepted: a connection_init is small. */
const MAX_BYTES_OF_STRANGER = 64 * 1024;
/** The largest message that is still read beyond a limit on bytes, so that its operation gets an error of its own. */
const MAX_BYTES_BEYOND_LIMIT = 64 * 1024;
/** What a message takes in memory besides its bytes. */
const BYTES_OF_MESSAGE = 1_024;
/** What a chunk takes in memory besides its bytes, which may be one. */
const BYTES_OF_CHUNK = 256;
/** The header of a short frame of a client. */
const BYTES_OF_HEADER = 6;
/** How long a client whose message is refused may take to read why. */
const DRAIN_MS = 1_000;

export interface MessageOptions {
  readonly rates: RateLimits;
  readonly memory: MemoryBudget;
  readonly logger: Logger;
}

/** Gets a message; resolves when its operation has ended. */
type Receive = (message: JsonValue) => Promise<void>;

/**
 * Reads the messages of a websocket one after the other, in turns, and passes them on in their order. A large message reserves memory from its first bytes, while it is still arriving,
 * to the end of its operation; if there is not enough, the socket is closed with 1013. A client sends no more while a large message, or many small ones, wait to be read.
 */
export class SocketMessages {
  /** Of the message that is arriving. */
  #reservation: Reservation;
  #bytes = 0;
  #bytesOfStranger = 0;
  /** Of the messages that wait to be read. */
  #bytesWaiting = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly extra: Extra,
    private readonly options: MessageOptions,
  ) {
    this.#reservation = new Reservation(options.memory);
    // Before the library reads the chunk: afterwards, the bytes of a message that it has completed would count for the next one.
    extra.request.socket.prependListener('data', (chunk: Buffer) => this.#arrive(chunk.length + BYTES_OF_CHUNK));
    extra.request.socket.on('data', () => this.#rest());
    // These may come in the middle of a message, and are not a part of it.
    for (const control of ['ping', 'pong'] as const) extra.socket.on(control, (data) => this.#passBy(data.length));
    extra.socket.once('close', () => this.#reservation.end());
  }

  listen(receive: Receive): void {
    const { socket } = this.extra;
    socket.on('message', (data) => {
      const reservation = this.#takeReservation(byteLength(data));
      this.#bytes = 0;
      const bytes = byteLength(data) + BYTES_OF_MESSAGE;
      this.#bytesWaiting += bytes;
      if (this.#bytesWaiting > SMALL_BYTES) socket.pause();
      this.#reading = this.#reading.then(async () => {
        await this.#read(data, reservation, receive);
        this.#bytesWaiting -= bytes;
        if (this.#bytesWaiting <= SMALL_BYTES) socket.resume();
        await endTurnIfOver();
      });
    });
  }

  /** Counts the bytes of a message before it is complete: otherwise many unfinished messages, and strangers, could fill the memory. */
  #arrive(bytes: number): void {
    const { socket, caller } = this.extra;
    this.#bytes += bytes;
    if (!caller) this.#bytesOfStranger += bytes;
    if (!caller && this.#bytesOfStranger > MAX_BYTES_OF_STRANGER) socket.terminate();
    else if (this.#bytes > SMALL_BYTES && !this.#reservation.growTo(inSteps(this.#bytes))) this.#refuse(backPressure());
  }

  /** The reservation of a message that is complete. A small one does not keep what the rest of its chunk has reserved: its operation may last for hours. */
  #takeReservation(bytes: number): Reservation {
    const arrived = this.#reservation;
    this.#reservation = new Reservation(this.options.memory);
    if (bytes > SMALL_BYTES) return arrived;
    arrived.end();
    return new Reservation(this.options.memory);
  }

  /** Tiny frames are much work, even such as are no message. */
  #rest(): void {
    if (turnIsOver()) letSocketRest(this.extra.request.socket, () => this.#bytesWaiting <= SMALL_BYTES);
  }

  #passBy(bytes: number): void {
    this.#bytes = Math.max(0, this.#bytes - bytes - BYTES_OF_HEADER);
  }

  async #read(data: RawData, reservation: Reservation, receive: Receive): Promise<void> {
    // A client may send on after the service has closed the socket, for example because its key was revoked.
    if (this.extra.socket.readyState !== this.extra.socket.OPEN) return reservation.end();
    try {
      const message = await this.#parse(data, reservation);
      void receive(message)
        .catch((error: unknown) => this.#fail(error))
        .finally(() => reservation.end());
    } catch (error) {
      reservation.end();
      this.#fail(error);
    }
  }

  async #parse(data: RawData, reservation: Reservation): Promise<JsonValue> {
    const { caller } = this.extra;
    const bytes = byteLength(data);
    // To read a large message costs much, whatever comes of it.
    const isBeyondLimit = caller && (await this.options.rates.addBytes(caller, bytes));
    if (isBeyondLimit && bytes > MAX_BYTES_BEYOND_LIMIT) {
      throw new SluiceError('RATE_LIMITED', 'this caller has used up its bytes of a minute; send less');
    }
    const message = await parseRequestJson(bufferOf(data), (more) => {
      if (!reservation.growTo(bytes + more)) throw backPressure();
    });
    if (bytes > SMALL_BYTES && isJsonObject(message) && isJsonObject(message.payload)) {
      this.extra.held.set(message.payload, () => reservation.end());
    }
    if (isJsonObject(message) && ONLY_SENT_BY_SERVERS.includes(message.type)) {
      throw new SluiceError('BAD_REQUEST', `only the server sends ${String(message.type)} messages`);
    }
    return message;
  }

  #fail(error: unknown): void {
    const { socket, request } = this.extra;
    if (error instanceof SluiceError) {
      const { code, message } = error;
      socket.close(
        MAY_SUCCEED_LATER.includes(code) ? TRY_AGAIN_LATER : CloseCode.BadRequest,
        closeReason(`${code}: ${message}`),
      );
      return;
    }
    this.options.logger.error({ err: error, requestId: requestIdOf(request) }, 'handling a websocket message');
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  }

  /** Closes the socket in the middle of a message. What still arrives of it is dropped, so that the client can read why. */
  #refuse(error: SluiceError): void {
    const { socket, request } = this.extra;
    this.#fail(error);
    request.socket.removeAllListeners('data');
    request.socket.on('data', () => undefined);
    setTimeout(() => socket.terminate(), DRAIN_MS).unref();
  }
}

/** A reservation grows in steps, not with each chunk. */
function inSteps(bytes: number): number {
  return Math.ceil(bytes / SMALL_BYTES) * SMALL_BYTES;
}
