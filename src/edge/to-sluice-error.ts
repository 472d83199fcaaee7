import { SluiceError } from '../domain/errors.js';
import { RecordStoreError } from '../ports/record-store.js';
import type { StorageHealth } from '../ports/storage-health.js';
import type { Logger } from '../telemetry/logger.js';

export interface ErrorContext {
  readonly logger: Logger;
  readonly storage: StorageHealth;
}

/** What the error of a request is logged with. */
export interface FailedRequest extends ErrorContext {
  readonly requestId: string;
}

/**
 * Turns anything that was thrown into the error that the caller sees. Refusals are returned unchanged. A server that cannot be used is DISK_FULL if its disk is the
 * reason, and STORE_UNAVAILABLE otherwise. Everything else is a defect of Sluice: it is logged in full with the request's id, and the caller gets only the id.
 */
export function toSluiceError(error: unknown, { logger, storage, requestId }: FailedRequest): SluiceError {
  if (error instanceof SluiceError) return error;
  if (error instanceof RecordStoreError && error.code === 'QUERY_REFUSED') {
    return new SluiceError('BAD_REQUEST', error.message);
  }
  const kind = storage.errorKind(error);
  const shortage = kind === null ? null : storage.shortage();
  if (shortage !== null || kind === 'DISK_FULL') {
    logger.warn({ err: error, requestId }, 'a disk is full');
    return new SluiceError('DISK_FULL', shortage ?? DISK_FULL);
  }
  if (error instanceof RecordStoreError && error.retriable) {
    logger.warn({ err: error, requestId }, 'the record store cannot be used');
    const message = `the record store is not available (${error.message}); try again, or see /readyz`;
    return new SluiceError('STORE_UNAVAILABLE', message);
  }
  if (kind === 'PASSING') {
    logger.warn({ err: error, requestId }, 'a server cannot be reached');
    return new SluiceError('STORE_UNAVAILABLE', 'the database cannot be reached at the moment; try again shortly');
  }
  if (kind === 'TOO_SLOW') {
    logger.warn({ err: error, requestId }, 'MongoDB ended a query, which took too long');
    return new SluiceError('STORE_UNAVAILABLE', TOO_SLOW);
  }
  logger.error({ err: error, requestId }, 'unexpected error');
  return new SluiceError(
    'INTERNAL',
    `an internal error of Sluice; look for the request id ${requestId} in the service's log`,
  );
}

/** Throws DISK_FULL or STORE_UNAVAILABLE while no request can succeed, so that no client waits for a time-out. */
export function refuseOutage(storage: StorageHealth): void {
  const outage = storage.outage();
  if (outage === null) return;
  const shortage = storage.shortage();
  throw shortage === null ? new SluiceError('STORE_UNAVAILABLE', outage) : new SluiceError('DISK_FULL', shortage);
}

const TOO_SLOW =
  'a query of the database took too long, and was ended; ask for less, for example without totalCount or search, or try again later';
const DISK_FULL = 'the disk of MongoDB is full; free some space on it, and try again';
