import pRetry from 'p-retry';
import { RecordStoreError } from '../ports/record-store.js';
import type { GroupProgress } from './group-progress.js';
import type { HeldLease } from './held-lease.js';

/** From 0.1 to 5 seconds, doubled each time, with jitter. */
const BACKOFF = { retries: Number.POSITIVE_INFINITY, minTimeout: 100, maxTimeout: 5_000, factor: 2, randomize: true };
/** How often a running step checks whether the record store is silent. */
const LOOK_MS = 500;

export interface StoreStepOptions {
  readonly held: HeldLease;
  readonly progress: GroupProgress;
  readonly signal: AbortSignal;
  /** Whether BLOCKED is thrown, so that the worker is free for other lanes. If false, the step also waits while it is BLOCKED. */
  readonly throwsBlocked: boolean;
  /** See {@link RowWriter.silence}. */
  readonly silence: () => string | null;
}

/**
 * Sends one request to the record store, and retries it as long as the store cannot accept it: server trouble never ends a job. Meanwhile the group reports what it waits
 * for, also while a request has no response. Throws errors that waiting cannot fix, LeaseLostError when another worker owns the lane, and the signal's reason when the
 * worker must stop.
 */
export async function storeStep<T>(options: StoreStepOptions, step: () => Promise<T>): Promise<T> {
  const { held, progress, signal, throwsBlocked } = options;
  const result = await pRetry(() => reportingSilence(options, step), {
    signal,
    shouldRetry: ({ error }) => isTransient(error) && !(throwsBlocked && isBlocked(error)),
    async onFailedAttempt({ error }) {
      if (!isTransient(error)) return;
      held.stillOwned();
      await progress.recordWaiting(error.message);
    },
    ...BACKOFF,
  });
  await progress.recordWaiting(null);
  return result;
}

/** Runs a step, and reports in the group while the record store is silent. When it resolves, all reports are stored. */
async function reportingSilence<T>(
  { progress, silence }: Pick<StoreStepOptions, 'progress' | 'silence'>,
  step: () => Promise<T>,
): Promise<T> {
  let reported: string | null = null;
  let reporting: Promise<void> = Promise.resolve();
  const looks = setInterval(() => {
    const reason = silence();
    if (reason === reported) return;
    reported = reason;
    reporting = reporting.then(() => progress.recordWaiting(reason));
    // `await reporting` below throws it. Without this handler it would be an unhandled rejection until then.
    reporting.catch(() => undefined);
  }, LOOK_MS);
  try {
    return await step();
  } finally {
    clearInterval(looks);
    await reporting;
  }
}

export function isBlocked(error: unknown): boolean {
  return error instanceof RecordStoreError && error.code === 'BLOCKED';
}

function isTransient(error: unknown): boolean {
  return error instanceof RecordStoreError && error.retriable;
}
