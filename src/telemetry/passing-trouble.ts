import { LeaseLostError } from '../ports/lane.js';
import { RecordStoreError } from '../ports/record-store.js';

/** Names of the database driver's errors that say that the server cannot be reached now. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoOperationTimeoutError',
]);

/** The driver's labels for what succeeds when it is done again. */
const TRANSIENT: ReadonlySet<unknown> = new Set(['TransientTransactionError', 'RetryableWriteError']);

/** What a server of MongoDB says while another one becomes the primary, or it shuts down. */
const CHANGING_PRIMARY: ReadonlySet<unknown> = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);

/** Whether the database cannot be used now, and may be soon, without anyone changing anything. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return UNREACHABLE.has(error.name) || isTransient(error) || isUnreachable(error.cause);
}

function isTransient(error: Error): boolean {
  const { code, errorLabels } = error as { code?: unknown; errorLabels?: unknown };
  if (!error.name.startsWith('Mongo')) return false;
  return (
    CHANGING_PRIMARY.has(code) || (Array.isArray(errorLabels) && errorLabels.some((label) => TRANSIENT.has(label)))
  );
}

/** Whether what went wrong passes by itself: an operator has nothing to do but to look at `/readyz` if it lasts. */
export function passesByItself(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof LeaseLostError || (error instanceof RecordStoreError && error.retriable)) return true;
  return isUnreachable(error) || passesByItself(error.cause);
}
