import { createRequire } from 'node:module';
import { type ClientSession, type Document, MongoErrorLabel, MongoNetworkError } from 'mongodb';

/*
 * A change of which commands the driver sends again, for the version of it that is pinned. It replaces a method that the driver has for itself only.
 *
 * When a server ends, its connections end one after the other. The driver repeats a write whose connection is the first one that it hears of. Later ones belong to a pool that it has replaced
 * meanwhile, and it leaves their errors without the label that says that the write can be repeated. Here, they get it.
 */

type DecorateCommandError = (
  connection: unknown,
  command: Document,
  options: { readonly session?: ClientSession } | undefined,
  error: unknown,
) => unknown;

const { Server } = createRequire(import.meta.url)('mongodb/lib/sdam/server.js') as {
  readonly Server: { readonly prototype: { decorateCommandError: DecorateCommandError } };
};

const { decorateCommandError } = Server.prototype;

/** Returns the error of a command, with the labels that say what can be repeated. */
Server.prototype.decorateCommandError = function (connection, command, options, error) {
  const decorated = decorateCommandError.call(this, connection, command, options, error);
  if (decorated instanceof MongoNetworkError) {
    const { TransientTransactionError, RetryableWriteError } = MongoErrorLabel;
    const label = isPartOfTransaction(command, options?.session) ? TransientTransactionError : RetryableWriteError;
    decorated.addErrorLabel(label);
  }
  return decorated;
};

/** Whether the whole transaction has to be repeated, and not this command. */
function isPartOfTransaction(command: Document, session: ClientSession | undefined): boolean {
  return session?.inTransaction() === true && !('commitTransaction' in command || 'abortTransaction' in command);
}
