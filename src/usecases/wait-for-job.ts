import { SluiceError } from '../domain/errors.js';
import type { Job } from '../domain/job/job.js';
import { type Caller, requireArea } from '../domain/security/caller.js';
import type { JobReceipt } from './accept-job.js';
import { notFound } from './checks.js';
import type { Deps } from './deps.js';
import { ledgerChanges } from './ledger-changes.js';

const MAX_WAIT_SECONDS = 60;

/** Checks how long to wait for a job, 0 to 60 seconds. Throws BAD_REQUEST, naming the field as the caller wrote it. */
export function checkedWait(seconds: number, field: 'wait' | 'waitSeconds' | 'input.waitSeconds'): number {
  if (seconds >= 0 && seconds <= MAX_WAIT_SECONDS) return seconds;
  const message = `${field} is ${seconds}; give 0 to ${MAX_WAIT_SECONDS} seconds`;
  throw new SluiceError('BAD_REQUEST', message, { field, actual: String(seconds) });
}

type Waited = Pick<Job, 'id' | 'datasetId' | 'position'> & Partial<Pick<JobReceipt, 'replayed'>>;

/** Waits until the job is final, the time is over or the service stops, and returns the job as it then is. The seconds must have been checked. */
export function waitForJob(
  { ledger, nudges, settled, clock, stopping }: Pick<Deps, 'ledger' | 'nudges' | 'settled' | 'clock' | 'stopping'>,
  caller: Caller,
) {
  /** Whether the job was accepted just now, and this process has not ended it since. If another one has, the next read shows it. */
  const isNew = ({ datasetId, position, replayed }: Waited) =>
    replayed === false && position > (settled.get(datasetId)?.position ?? 0);

  return async (waited: Waited, seconds: number): Promise<Job> => {
    const { id, datasetId } = waited;
    requireArea(caller, 'JOBS', datasetId);
    const end = clock.monotonicMs() + 1000 * seconds;
    const timeOver = new AbortController();
    const timer = setTimeout(() => timeOver.abort(), end - clock.monotonicMs());
    const signal = AbortSignal.any([timeOver.signal, stopping]);
    const changes = ledgerChanges(nudges, datasetId, signal);
    try {
      if (isNew(waited)) await changes.next();
      for (;;) {
        const job = signal.aborted ? await ledger.findJob(id) : await ledger.findFinal({ id, datasetId });
        if (!job) throw notFound('job', id);
        if (job !== 'OPEN') return job;
        await changes.next();
      }
    } finally {
      clearTimeout(timer);
      changes.stop();
    }
  };
}
