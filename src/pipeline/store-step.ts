import pRetry from 'p-retry';
import { RecordStoreError } from '../ports/record-store.js';
import type { GroupProgress } from './group-progress.js';
import type { HeldLease } from './held-lease.js';

/** From a tenth of a second to five, doubled each time, with jitter. */
const BACKOFF = { retries: Number.POSITIVE_INFINITY, minTimeout: 100, maxTimeout: 5_000, factor: 2, randomize: true };
/** How often a step that takes long asks whether the record store is silent. */
const LOOK_MS = 500;

export interface StoreStepOptions {
  readonly held: HeldLease;
  readonly progress: GroupProgress;
  readonly signal: AbortSignal;
  /** Whether BLOCKED is thrown, so that the lanes of other datasets get the worker's place; else it is waited for as well. */
  readonly givesWay: boolean;
  /** See {@link RowWriter.silence}. */
  readonly silence: () => string | null;
}

/**
 * One request to the record store, again and again while the store cannot take it: trouble with a server never ends a job. Meanwhile the group says what it
 * waits for, also while a request has no response. Throws what cannot succeed by waiting, LeaseLostError once the lane is another's, and the signal's reason
 * when the worker is to stop.
 */
export async function storeStep<T>(options: StoreStepOptions, step: () => Promise<T>): Promise<T> {
  const { held, progress, signal, givesWay } = options;
  const result = await pRetry(() => tellingSilence(options, step), {
    ...BACKOFF,
    signal,
    shouldRetry: ({ error }) => isTransient(error) && !(givesWay && isBlocked(error)),
    async onFailedAttempt({ error }) {
      if (!isTransient(error)) return;
      held.stillOwned();
      await progress.recordWaiting(error.message);
    },
  });
  await progress.recordWaiting(null);
  return result;
}

/** Has the group say so while the record store is silent. Nothing of that is under way any longer when it resolves. */
async function tellingSilence<T>(
  { progress, silence }: Pick<StoreStepOptions, 'progress' | 'silence'>,
  step: () => Promise<T>,
): Promise<T> {
  let told: string | null = null;
  let telling: Promise<void> = Promise.resolve();
  const looks = setInterval(() => {
    const reason = silence();
    if (reason === told) return;
    told = reason;
    telling = telling.then(() => progress.recordWaiting(reason));
    // It is thrown below; nobody may be waiting for it at the moment it happens.
    telling.catch(() => undefined);
  }, LOOK_MS);
  try {
    return await step();
  } finally {
    clearInterval(looks);
    await telling;
  }
}

export function isBlocked(error: unknown): boolean {
  return error instanceof RecordStoreError && error.code === 'BLOCKED';
}

function isTransient(error: unknown): boolean {
  return error instanceof RecordStoreError && error.retriable;
}
