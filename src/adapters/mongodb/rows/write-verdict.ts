import { MongoBulkWriteError, MongoError, MongoNetworkError, MongoServerSelectionError } from 'mongodb';
import { RecordStoreError } from '../../../ports/record-store.js';

const DUPLICATE_KEY = 11000;

/** The indexes of an unordered insert's documents whose id is taken. Throws the port's error when anything else went wrong. */
export function takenIndexes(error: unknown): number[] {
  if (!(error instanceof MongoBulkWriteError)) throw toStoreError(error);
  const failures = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  const other = failures.find((failure) => failure.code !== DUPLICATE_KEY);
  if (other || error.result.getWriteConcernError()) {
    const reason = other?.errmsg ?? error.result.getWriteConcernError()?.errmsg ?? error.message;
    throw new RecordStoreError(other ? 'REJECTED' : 'UNAVAILABLE', `MongoDB did not write rows: ${reason}`, {
      cause: error,
    });
  }
  return failures.map((failure) => failure.index);
}

const TRANSIENT_LABELS = ['RetryableWriteError', 'TransientTransactionError', 'RetryableError'];

/** Any error of the driver as the port's own. */
export function toStoreError(error: unknown): RecordStoreError {
  if (error instanceof RecordStoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const transient =
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    (error instanceof MongoError && TRANSIENT_LABELS.some((label) => error.hasErrorLabel(label)));
  return new RecordStoreError(transient ? 'UNAVAILABLE' : 'REJECTED', `MongoDB: ${message}`, { cause: error });
}
