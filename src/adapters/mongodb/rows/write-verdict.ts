import { type Document, MongoBulkWriteError } from 'mongodb';
import { RecordStoreError } from '../../../ports/record-store.js';
import { isTransient, TRANSIENT_CODES } from '../server-trouble.js';

const DUPLICATE_KEY = 11000;

/** Which writes of an unordered bulk were not done, by their indexes. */
export interface NotWritten {
  /** Writes whose ids are taken. */
  readonly taken: readonly number[];
  /** Writes that the server will never accept. */
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
}

/**
 * Reads the error of an unordered bulk of single-document writes; all writes that it does not name were done. Throws the port's error if the request as a whole, or a
 * part of it, failed for another reason than the documents.
 */
export function notWritten(error: unknown): NotWritten {
  if (!(error instanceof MongoBulkWriteError)) throw toStoreError(error);
  const failures = [error.writeErrors].flat();
  const unconfirmed = error.result.getWriteConcernError();
  // The driver wraps a failure of the whole request in a bulk error without write errors. Then it is not known what was written.
  if (failures.length === 0 && !unconfirmed) throw toStoreError(error);
  return notDone(failures, unconfirmed, error);
}

/** Reads the reply to an unordered insert. Throws the port's error as {@link notWritten} does. */
export function notInserted({ writeErrors = [], writeConcernError }: Document): NotWritten {
  return notDone(writeErrors as readonly Failure[], writeConcernError as Failure | undefined);
}

interface Failure {
  readonly index: number;
  readonly code?: unknown;
  readonly errmsg?: string | undefined;
}

function notDone(failures: readonly Failure[], unconfirmed?: Pick<Failure, 'errmsg'>, cause?: Error): NotWritten {
  const transient = failures.find(({ code }) => TRANSIENT_CODES.has(code));
  const failed = transient ?? unconfirmed;
  if (failed) throw storeError(failed.errmsg ?? 'the rows were not written', true, cause);
  return {
    taken: failures.flatMap(({ code, index }) => (code === DUPLICATE_KEY ? [index] : [])),
    rejected: failures.flatMap(({ code, index, errmsg = `error ${code}` }) =>
      code === DUPLICATE_KEY ? [] : [{ index, reason: `MongoDB: ${errmsg}` }],
    ),
  };
}

/** Turns any error of the driver into an error of the port: UNAVAILABLE if the same request can succeed once the server works again. */
export function toStoreError(error: unknown): RecordStoreError {
  if (error instanceof RecordStoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return storeError(message, isTransient(error), error);
}

function storeError(reason: string, transient: boolean, cause: unknown): RecordStoreError {
  return new RecordStoreError(transient ? 'UNAVAILABLE' : 'REJECTED', `MongoDB: ${reason}`, { cause });
}
