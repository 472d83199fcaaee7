import type { Clock } from '../ports/clock.js';
import type { Lanes } from '../ports/lane.js';
import type { LaneQueue } from '../ports/lane-queue.js';
import type { Terminations } from '../ports/terminations.js';

const SWEEP_MS = 2_000;

export interface LaneSweepDeps {
  readonly lanes: Pick<Lanes, 'orphans'>;
  readonly terminations: Pick<Terminations, 'endJobsOfDeleted'>;
  readonly laneQueue: LaneQueue;
  readonly clock: Pick<Clock, 'now'>;
  /** Whether this process will load a lane in any case. */
  readonly isWaiting: (datasetId: string) => boolean;
  readonly reportError: (error: unknown, doing: string) => void;
}

/**
 * Wakes the lanes that have waiting jobs and no owner, at the start and every two seconds: after a crash, or if a wake was lost. A lane that waits for its load in this process needs no wake. Also ends the jobs that deleted
 * datasets still have; lanes do not wait for that. These are timers in the process, not Agenda jobs, because they have to work when Agenda loses a wake. Returns a function that stops them.
 */
export function startLaneSweep(deps: LaneSweepDeps): () => void {
  const { lanes, terminations, laneQueue, clock, isWaiting, reportError } = deps;
  const wakeOrphans = async () => {
    for (const datasetId of await lanes.orphans()) if (!isWaiting(datasetId)) await laneQueue.wake(datasetId);
  };
  const ends = [
    repeat(wakeOrphans, (error) => reportError(error, 'looking for lanes that wait')),
    repeat(
      () => terminations.endJobsOfDeleted(clock.now()),
      (error) => reportError(error, 'ending the jobs of deleted datasets'),
    ),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Sweeps at once and then every two seconds, unless the last one still goes on. Returns a function that stops it; later failures are not reported, because the database is closed by then. */
function repeat(sweep: () => Promise<void>, report: (error: unknown) => void): () => void {
  let sweeping = false;
  let ended = false;
  const sweepAlone = async () => {
    if (sweeping) return;
    sweeping = true;
    try {
      await sweep();
    } catch (error) {
      if (!ended) report(error);
    } finally {
      sweeping = false;
    }
  };
  void sweepAlone();
  const timer = setInterval(sweepAlone, SWEEP_MS);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
