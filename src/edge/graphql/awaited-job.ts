import type { Job } from '../../domain/job/job.js';
import { checkedWait } from '../../usecases/wait-for-job.js';
import type { GraphqlContext } from './context.js';

export const WAIT_SECONDS =
  'Return once the job is final, or after this many seconds, 0 to 60. By default the mutation returns as soon as the job is accepted.';

/**
 * Accepts a job and returns it: at once without `waitSeconds`, otherwise once it is final or the time is over. The seconds are checked before anything is
 * accepted. Throws BAD_REQUEST, naming `field`, and whatever `accept` throws.
 */
export async function awaitedJob<T extends Job | null>(
  { useCases, releaseBody }: GraphqlContext,
  waitSeconds: number | null | undefined,
  field: 'waitSeconds' | 'input.waitSeconds',
  accept: () => Promise<T>,
): Promise<T> {
  const seconds = waitSeconds == null ? null : checkedWait(waitSeconds, field);
  const accepted = await accept();
  if (seconds === null || accepted === null) return accepted;
  releaseBody();
  return { ...accepted, ...(await useCases.waitForJob(accepted.id, accepted.datasetId, seconds)) };
}
