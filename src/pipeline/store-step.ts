import pRetry from 'p-retry';
import { RecordStoreError } from '../ports/record-store.js';
import type { GroupProgress } from './group-progress.js';
import type { HeldLease } from './held-lease.js';

/** From a tenth of a second to five, doubled each time, with jitter. */
const BACKOFF = { retries: Number.POSITIVE_INFINITY, minTimeout: 100, maxTimeout: 5_000, factor: 2, randomize: true };

export interface StoreStepOptions {
  readonly held: HeldLease;
  readonly progress: GroupProgress;
  readonly signal: AbortSignal;
  /** Whether BLOCKED is thrown, so that the lanes of other datasets get the worker's place; else it is waited for as well. */
  readonly givesWay: boolean;
}

/**
 * One request to the record store, again and again while the store cannot take it: trouble with a server never ends a job. Meanwhile the group says what it
 * waits for. Throws what cannot succeed by waiting, LeaseLostError once the lane is another's, and the signal's reason when the worker is to stop.
 */
export async function storeStep<T>(
  { held, progress, signal, givesWay }: StoreStepOptions,
  step: () => Promise<T>,
): Promise<T> {
  const result = await pRetry(step, {
    ...BACKOFF,
    signal,
    shouldRetry: ({ error }) => isTransient(error) && !(givesWay && isBlocked(error)),
    async onFailedAttempt({ error }) {
      if (!isTransient(error)) return;
      held.stillOwned();
      await progress.waitFor(error.message);
    },
  });
  await progress.waitFor(null);
  return result;
}

export function isBlocked(error: unknown): boolean {
  return error instanceof RecordStoreError && error.code === 'BLOCKED';
}

function isTransient(error: unknown): boolean {
  return error instanceof RecordStoreError && error.retriable;
}
