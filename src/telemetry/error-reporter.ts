import { LeaseLostError } from '../ports/lane.js';
import { RecordStoreError } from '../ports/record-store.js';
import type { StorageHealth } from '../ports/storage-health.js';
import type { Logger } from './logger.js';

/**
 * Logs errors that no caller gets: as an error if an operator must act, as a warning if the problem passes by itself, and at debug level if `isKnown`, because the event
 * that caused it has its own line.
 */
export function errorReporter(
  logger: Logger,
  storage: Pick<StorageHealth, 'errorKind'>,
  isKnown: (error: unknown) => boolean = () => false,
): (error: unknown, doing: string) => void {
  return (error, doing) => {
    if (isKnown(error)) logger.debug({ err: error }, doing);
    else if (passesByItself(error, storage)) logger.warn({ err: error }, doing);
    else logger.error({ err: error }, doing);
  };
}

/** Whether a problem passes by itself: an operator need not act, except to look at `/readyz` if it lasts. */
function passesByItself(error: unknown, storage: Pick<StorageHealth, 'errorKind'>): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof LeaseLostError || (error instanceof RecordStoreError && error.retriable)) return true;
  return storage.errorKind(error) === 'PASSING' || passesByItself(error.cause, storage);
}
