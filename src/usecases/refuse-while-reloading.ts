import { SluiceError } from '../domain/errors.js';
import type { JobLedger } from '../ports/job-ledger.js';

/** Throws RELOAD_IN_PROGRESS while a reload of the dataset is not final. */
export async function refuseWhileReloading(ledger: Pick<JobLedger, 'openJob'>, datasetId: string): Promise<void> {
  const job = await ledger.openJob(datasetId, 'RELOAD');
  if (!job) return;
  const message = `job ${job.id} is applying the design; wait until it is final, or terminate it`;
  throw new SluiceError('RELOAD_IN_PROGRESS', message, { actual: job.status });
}
