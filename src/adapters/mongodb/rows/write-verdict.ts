import { MongoBulkWriteError } from 'mongodb';
import { RecordStoreError } from '../../../ports/record-store.js';
import { isTransient, TRANSIENT_CODES } from '../server-trouble.js';

const DUPLICATE_KEY = 11000;

/** Which writes of an unordered bulk were not done, by their places. */
export interface NotWritten {
  /** Their ids are taken. */
  readonly taken: readonly number[];
  /** The server will never take them. */
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
}

/**
 * What the error of an unordered bulk of single-document writes says; all writes that it does not name are done. Throws the port's error when the server could
 * not do all it was asked for, even in part.
 */
export function notWritten(error: unknown): NotWritten {
  if (!(error instanceof MongoBulkWriteError)) throw toStoreError(error);
  const failures = [error.writeErrors].flat();
  const transient = failures.find(({ code }) => TRANSIENT_CODES.has(code));
  const unconfirmed = error.result.getWriteConcernError();
  if (transient) throw storeError(transient.errmsg ?? error.message, true, error);
  if (unconfirmed) throw storeError(unconfirmed.errmsg ?? error.message, true, error);
  // The driver wraps the failure of a whole request as if it were the bulk's, without one write error: then nothing is known to be written.
  if (failures.length === 0) throw toStoreError(error);
  return {
    taken: failures.flatMap(({ code, index }) => (code === DUPLICATE_KEY ? [index] : [])),
    rejected: failures.flatMap(({ code, index, errmsg = `error ${code}` }) =>
      code === DUPLICATE_KEY ? [] : [{ index, reason: `MongoDB: ${errmsg}` }],
    ),
  };
}

/** Any error of the driver as the port's own: UNAVAILABLE where the same request can succeed once the server is well again. */
export function toStoreError(error: unknown): RecordStoreError {
  if (error instanceof RecordStoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return storeError(message, isTransient(error), error);
}

function storeError(reason: string, transient: boolean, cause: unknown): RecordStoreError {
  return new RecordStoreError(transient ? 'UNAVAILABLE' : 'REJECTED', `MongoDB: ${reason}`, { cause });
}
