import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { type Document, MongoError, MongoNetworkError } from 'mongodb';

/*
 * Two changes of how the driver sends commands, for the version of it that is pinned. Both replace methods that it has for itself only.
 *
 * - A socket can be destroyed before a command is written to it, since Node.js destroys one whose peer has ended and says so a little later, and while a command waits for it to take more bytes. The driver does not hear
 *   of that, and waits for ever; other errors of a socket it passes on as they are, and repeats nothing. Here, the command fails as on any broken connection, so that the driver sends it again on another one if it may.
 * - The driver copies the documents of an insert three times on their way to the socket, each time to new memory. Here, a large one is written from where it is.
 */

/** Documents of a command that are BSON already, as the driver sends them. */
export interface DocumentSequence {
  /** How they are sent, in several pieces. */
  readonly chunks: readonly Buffer[];
  push(document: Document, bson: Uint8Array): number;
}

interface Message {
  toBin(): readonly Buffer[];
}

interface OpMsgRequest extends Message {
  makeSections(buffers: Buffer[], command: Document): number;
  serializeBson(command: Document): Buffer;
}

interface WriteOptions {
  readonly agreedCompressor?: string;
  readonly timeoutContext?: { csotEnabled(): boolean };
  readonly signal?: AbortSignal;
}

interface Connection {
  readonly socket: Socket;
  onError(error: Error): void;
  writeCommand(message: Message, options: WriteOptions): Promise<void>;
}

const driver = createRequire(import.meta.url);
const commands = driver('mongodb/lib/cmap/commands.js') as {
  readonly DocumentSequence: new (field: string) => DocumentSequence;
  readonly OpMsgRequest: { readonly prototype: OpMsgRequest };
};
const { Connection } = driver('mongodb/lib/cmap/connection.js') as {
  readonly Connection: { readonly prototype: Connection };
};

export const { DocumentSequence } = commands;

/** The kind of the section that is the command itself. */
const COMMAND_SECTION = Buffer.from([0]);
/** Smaller pieces are copied: a write costs as much. */
const LARGE_BYTES = 64 * 1024;
const CLOSED = new Error('the socket is closed');
/** So many of the last bytes are left to the driver. */
const LAST_BYTES = 1_024;

/** Adds the command without its document sequences, and then these, as they are. */
commands.OpMsgRequest.prototype.makeSections = function (buffers, command) {
  const pieces: Buffer[] = [];
  for (const [key, value] of Object.entries(command)) {
    if (!(value instanceof DocumentSequence)) continue;
    for (const chunk of value.chunks) pieces.push(chunk);
    delete command[key];
  }
  let length = 0;
  for (const section of [COMMAND_SECTION, this.serializeBson(command), pieces].flat()) {
    buffers.push(section);
    length += section.length;
  }
  return length;
};

const { writeCommand } = Connection.prototype;

/** Resolves when the socket has taken the message. */
Connection.prototype.writeCommand = async function (message, options) {
  const { socket } = this;
  let onClose = (): void => undefined;
  const closed = new Promise<never>((_, reject) => {
    onClose = () => reject(CLOSED);
  });
  socket.once('close', onClose);
  try {
    await (socket.destroyed ? Promise.reject(CLOSED) : Promise.race([write(this, message, options), closed]));
  } catch (error) {
    if (error instanceof MongoError || options.signal?.aborted) throw error;
    const failure = new MongoNetworkError('the connection to MongoDB has ended', { cause: error as Error });
    // Half of the message may be written: nothing may follow it.
    this.onError(failure);
    throw failure;
  } finally {
    socket.off('close', onClose);
  }
};

/** Writes all but the last bytes of a large message; the driver writes those, and waits until the socket has taken everything. */
async function write(connection: Connection, message: Message, options: WriteOptions): Promise<void> {
  // The driver may change such a message, or not send it at all.
  if (options.agreedCompressor !== 'none' || options.timeoutContext?.csotEnabled())
    return writeCommand.call(connection, message, options);
  const pieces = message.toBin();
  if (!pieces.some(isLarge)) return writeCommand.call(connection, { toBin: () => pieces }, options);
  const { head, tail } = divided(withSmallJoined(pieces));
  for (const bytes of head) connection.socket.write(bytes);
  return writeCommand.call(connection, { toBin: () => tail }, options);
}

function isLarge({ length }: Buffer): boolean {
  return length >= LARGE_BYTES;
}

/** The same bytes, with neighbours that are small in one piece. */
function withSmallJoined(pieces: readonly Buffer[]): Buffer[] {
  const joined: Buffer[] = [];
  let small: Buffer[] = [];
  for (const piece of pieces) {
    if (!isLarge(piece)) {
      small.push(piece);
      continue;
    }
    joined.push(Buffer.concat(small), piece);
    small = [];
  }
  return [...joined, Buffer.concat(small)].filter(({ length }) => length > 0);
}

/** All but the last bytes, and these. */
function divided(writes: readonly Buffer[]): Record<'head' | 'tail', readonly Buffer[]> {
  const last = writes.slice(-1);
  const head = [...writes.slice(0, -1), ...last.map((bytes) => bytes.subarray(0, -LAST_BYTES))];
  return { head: head.filter(({ length }) => length > 0), tail: last.map((bytes) => bytes.subarray(-LAST_BYTES)) };
}
