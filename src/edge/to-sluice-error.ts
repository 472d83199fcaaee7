import { randomUUID } from 'node:crypto';
import { SluiceError } from '../domain/errors.js';
import { RecordStoreError } from '../ports/record-store.js';
import type { Logger } from '../telemetry/logger.js';

/** Names of the database driver's errors that say that the server cannot be reached now. */
const UNREACHABLE = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoOperationTimeoutError',
]);

/**
 * The one exit of errors: what a caller sees of anything that was thrown. Refusals pass as they are; trouble with a server is STORE_UNAVAILABLE;
 * everything else is a defect of ours, logged whole under an id that is all the caller gets.
 */
export function toSluiceError(error: unknown, logger: Logger): SluiceError {
  if (error instanceof SluiceError) return error;
  if (error instanceof RecordStoreError && error.retriable) {
    logger.warn({ err: error }, 'the record store cannot be used');
    const message = `the record store cannot be used at the moment (${error.message}); try again, or see /readyz`;
    return new SluiceError('STORE_UNAVAILABLE', message);
  }
  if (isUnreachable(error)) {
    logger.warn({ err: error }, 'a server cannot be reached');
    return new SluiceError('STORE_UNAVAILABLE', 'the database cannot be reached at the moment; try again shortly');
  }
  const id = randomUUID();
  logger.error({ err: error, errorId: id }, 'unexpected error');
  return new SluiceError('INTERNAL', `an error of Sluice itself, logged under ${id}`);
}

function isUnreachable(error: unknown): boolean {
  return error instanceof Error && (UNREACHABLE.has(error.name) || isUnreachable(error.cause));
}
