import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { type Document, MongoNetworkError } from 'mongodb';

/*
 * Two changes of how the driver sends commands, for the version of it that is pinned. Both replace methods that it has for itself only.
 *
 * - Node.js destroys a socket whose peer has ended, and says so a little later. A command that the driver sends between the two is never sent, and the driver waits for ever for the socket to take more bytes. Such a
 *   command fails here as on any broken connection, so that the driver sends it again on another one.
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
/** So many of the last bytes are left to the driver. */
const LAST_BYTES = 1_024;

/** Adds the command without its document sequences, and then these, as they are. */
commands.OpMsgRequest.prototype.makeSections = function (buffers, command) {
  const pieces: Buffer[] = [];
  for (const [key, value] of Object.entries(command)) {
    if (!(value instanceof DocumentSequence)) continue;
    pieces.push(...value.chunks);
    delete command[key];
  }
  const sections = [COMMAND_SECTION, this.serializeBson(command), ...pieces];
  buffers.push(...sections);
  return sections.reduce((sum, { length }) => sum + length, 0);
};

const { writeCommand } = Connection.prototype;

/** Writes all but the last bytes; the driver writes those, and waits until the socket has taken everything. */
Connection.prototype.writeCommand = async function (message, options) {
  if (this.socket.destroyed) {
    const error = new MongoNetworkError('the connection to MongoDB has ended');
    this.onError(error);
    throw error;
  }
  // The driver may change such a message, or not send it at all.
  if (options.agreedCompressor !== 'none' || options.timeoutContext?.csotEnabled())
    return writeCommand.call(this, message, options);
  const pieces = message.toBin();
  if (!pieces.some(isLarge)) return writeCommand.call(this, { toBin: () => pieces }, options);
  const writes = withSmallJoined(pieces);
  const last = writes.pop() ?? COMMAND_SECTION;
  for (const bytes of [...writes, last.subarray(0, -LAST_BYTES)]) this.socket.write(bytes);
  return writeCommand.call(this, { toBin: () => [last.subarray(-LAST_BYTES)] }, options);
};

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
