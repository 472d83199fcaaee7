import { createRequire } from 'node:module';
import { type ClientSession, type Document, MongoErrorLabel, MongoNetworkError } from 'mongodb';

/*
 * A change of which commands the driver sends again, for the version of it that is pinned. It replaces a method that the driver has for itself only.
 *
 * When a server ends, its connections end one after the other. The driver repeats a write whose connection is the first one that it hears of. Later ones belong to a pool that it has replaced
 * meanwhile, and it leaves their errors without the label that says that the write can be repeated, and their sessions as if nothing had happened. Here, they are treated alike.
 */

/** A session, and its name on the server, which is not used again once it is dirty. */
type Session = Pick<ClientSession, 'inTransaction'> & { readonly serverSession?: { isDirty: boolean } | null };

type DecorateCommandError = (
  connection: unknown,
  command: Document,
  options: { readonly session?: Session } | undefined,
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
    if (options?.session?.serverSession) options.session.serverSession.isDirty = true;
  }
  return decorated;
};

/** Whether the whole transaction has to be repeated, and not this command. */
function isPartOfTransaction(command: Document, session: Session | undefined): boolean {
  return session?.inTransaction() === true && !('commitTransaction' in command || 'abortTransaction' in command);
}
