import { LeaseLostError } from '../ports/lane.js';
import { RecordStoreError } from '../ports/record-store.js';
import type { StorageHealth } from '../ports/storage-health.js';
import type { Logger } from './logger.js';

/**
 * Logs what went wrong where no caller hears of it: at error level what an operator must do something about, as a warning what passes by itself, and for
 * debugging alone what `isKnown`, the consequence of an event that has its own line.
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

/** Whether what went wrong passes by itself: an operator has nothing to do but to look at `/readyz` if it lasts. */
function passesByItself(error: unknown, storage: Pick<StorageHealth, 'errorKind'>): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof LeaseLostError || (error instanceof RecordStoreError && error.retriable)) return true;
  return storage.errorKind(error) === 'PASSING' || passesByItself(error.cause, storage);
}
