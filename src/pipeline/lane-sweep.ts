import type { Lanes } from '../ports/lane.js';
import type { LaneQueue } from '../ports/lane-queue.js';

const SWEEP_MS = 2_000;

export interface LaneSweepDeps {
  readonly lanes: Pick<Lanes, 'orphans'>;
  readonly laneQueue: LaneQueue;
  /** Whether this process will load a lane in any case. */
  readonly isWaiting: (datasetId: string) => boolean;
  readonly reportError: (error: unknown, doing: string) => void;
}

/**
 * Wakes the lanes that have waiting jobs and no owner, at the start and every two seconds: after a crash, or if a wake was lost. A lane that waits for its load in this process needs no wake. This is a timer in the process, not
 * an Agenda job, because it has to work when Agenda loses a wake. Returns a function that stops it. Later failures are not reported, because the database is closed by
 * then.
 */
export function startLaneSweep({ lanes, laneQueue, isWaiting, reportError }: LaneSweepDeps): () => void {
  let sweeping = false;
  let ended = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    try {
      for (const datasetId of await lanes.orphans()) if (!isWaiting(datasetId)) await laneQueue.wake(datasetId);
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
