import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { MongoNetworkError } from 'mongodb';

interface DriverConnection {
  readonly socket: Socket;
  onError(error: Error): void;
  writeCommand(...args: readonly unknown[]): Promise<void>;
}

const { Connection } = createRequire(import.meta.url)('mongodb/lib/cmap/connection.js') as {
  readonly Connection: { readonly prototype: DriverConnection };
};
const { writeCommand } = Connection.prototype;

/**
 * Node.js destroys a socket whose peer has ended, and says so a little later. A command that the driver sends between the two is never sent, and the driver waits for ever for the socket to take more bytes. This makes
 * such a command fail as on any broken connection, so that the driver sends it again on another one. For the version of the driver that is pinned.
 */
Connection.prototype.writeCommand = async function (...args) {
  if (!this.socket.destroyed) return writeCommand.apply(this, [...args]);
  const error = new MongoNetworkError('the connection to MongoDB has ended');
  this.onError(error);
  throw error;
};
