import type { Workers } from '../ports/workers.js';

const BEAT_MS = 3_000;

export interface WorkerBeatDeps {
  readonly workers: Pick<Workers, 'beat' | 'leave'>;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** Records a heartbeat of this worker, immediately and every 3 seconds. Returns a function that stops it and records that the worker has left. */
export async function startWorkerBeat(
  id: string,
  { workers, reportError }: WorkerBeatDeps,
): Promise<() => Promise<void>> {
  const report = (error: unknown) => reportError(error, 'recording that this worker runs');
  let beating: Promise<void> | null = null;
  const beat = () => {
    beating ??= workers
      .beat(id)
      .catch(report)
      .finally(() => {
        beating = null;
      });
    return beating;
  };
  await beat();
  const timer = setInterval(beat, BEAT_MS);
  return async () => {
    clearInterval(timer);
    await beating;
    await workers.leave(id).catch(report);
  };
}
