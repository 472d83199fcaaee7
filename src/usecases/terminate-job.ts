import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import { notFound } from './checks.js';
import type { Deps } from './deps.js';

/**
 * Ends a job before its commit point; the job then has changed nothing. Throws NOT_FOUND, JOB_FINAL if the job has ended, TOO_LATE_TO_TERMINATE if its rows are
 * already being written.
 */
export function terminateJob({
  terminations,
  ledger,
  nudges,
  clock,
}: Pick<Deps, 'terminations' | 'ledger' | 'nudges' | 'clock'>) {
  return async (id: string): Promise<Job> => {
    const result = await terminations.terminate(id, clock.now());
    if (result === 'FINAL')
      throw new SluiceError('JOB_FINAL', `job ${id} has already ended, so it cannot be terminated`);
    if (result === 'COMMITTED') {
      const message = `job ${id} has passed its checks and its rows are being written; it can no longer be terminated`;
      throw new SluiceError('TOO_LATE_TO_TERMINATE', message);
    }
    const job = result === 'TERMINATED' ? await ledger.findJob(id) : null;
    if (!job) throw notFound('job', id);
    nudges.nudge(job.datasetId);
    return job;
  };
}
