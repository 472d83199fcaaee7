import type { Lanes } from '../ports/lane.js';
import type { LaneQueue } from '../ports/lane-queue.js';

const SWEEP_MS = 2_000;

export interface LaneSweepDeps {
  readonly lanes: Pick<Lanes, 'orphans'>;
  readonly laneQueue: LaneQueue;
  readonly reportError: (error: unknown, doing: string) => void;
}

/**
 * Every two seconds, and at the start, wakes the lanes that have waiting jobs and no owner: after a crash, and where a wake was lost. A timer of the
 * process, not a job of Agenda, whose loss it has to make up for. Returns a function that ends it: what fails after that, since the database is closed, is not reported.
 */
export function startLaneSweep({ lanes, laneQueue, reportError }: LaneSweepDeps): () => void {
  let sweeping = false;
  let ended = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    try {
      for (const datasetId of await lanes.orphans()) await laneQueue.wake(datasetId);
    } catch (error) {
      if (!ended) reportError(error, 'looking for lanes that wait');
    } finally {
      sweeping = false;
    }
  };
  void sweep();
  const timer = setInterval(sweep, SWEEP_MS);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
