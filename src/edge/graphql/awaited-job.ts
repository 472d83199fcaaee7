import type { Job } from '../../domain/job/job.js';
import { checkedWait } from '../../usecases/wait-for-job.js';
import type { GraphqlContext } from './context.js';

/** The options of every argument and field `waitSeconds`. */
export const WAIT_OPTIONS = {
  nullable: true,
  description:
    'Wait until the job is final, at most this many seconds, 0 to 60. By default the mutation returns as soon as the job is accepted.',
};

export type WaitSeconds = number | null | undefined;
type WaitField = 'waitSeconds' | 'input.waitSeconds';

/**
 * Accepts a job and returns it: immediately without `waitSeconds`, otherwise once the job is final or the time is over. Checks the seconds before it accepts
 * anything. Throws BAD_REQUEST, naming `field`, and whatever `accept` throws.
 */
export async function awaitedJob<T extends Job>(
  context: GraphqlContext,
  waitSeconds: WaitSeconds,
  field: WaitField,
  accept: () => Promise<T>,
): Promise<T> {
  const seconds = optionalWait(waitSeconds, field);
  return awaited(context, await accept(), seconds);
}

/** The seconds to wait; null if none are given. Throws BAD_REQUEST, naming `field`. */
export function optionalWait(waitSeconds: WaitSeconds, field: WaitField): number | null {
  return waitSeconds == null ? null : checkedWait(waitSeconds, field);
}

/** Waits until an accepted job is final, at most so many seconds, and returns it as it then is; with null, returns it as it is now. */
export async function awaited<T extends Job>(
  { reader, releaseBody }: GraphqlContext,
  accepted: T,
  seconds: number | null,
): Promise<T> {
  if (seconds === null) return accepted;
  releaseBody();
  return { ...accepted, ...(await reader.jobs.wait(accepted, seconds)) };
}
