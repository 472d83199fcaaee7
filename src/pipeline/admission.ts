import type { Group } from '../ports/lane.js';
import { isSuspected, SET_APART_MS } from './given-up.js';
import type { GroupProgress } from './group-progress.js';
import type { LoadDeps } from './group-run.js';
import type { HeldLease } from './held-lease.js';
import type { LoadGate } from './load-gate.js';

/** How long a lane rests if its suspected group could not be alone. */
const NOT_ALONE_REST_MS = 5_000;

/** ADMITTED: the caller loads the group, and then calls `leave`. POSTPONED: it does not touch the group, and lets the lane rest for `ms`. */
export type Admission =
  | { readonly kind: 'ADMITTED'; readonly leave: () => void }
  | { readonly kind: 'POSTPONED'; readonly ms: number };

/**
 * Decides when the process may load a group: a suspected one only alone, so that only it counts an interruption, and one that has been set apart only after a long rest. A
 * postponed group reports what it waits for; its interruptions stay as they are.
 */
export async function admit(
  deps: Pick<LoadDeps, 'lanes' | 'reportError'>,
  gate: LoadGate,
  held: HeldLease,
  progress: GroupProgress,
): Promise<Admission> {
  const { group } = progress;
  if (group.restMs > 0) return setApart(deps, progress);
  const isWaiting = () => progress.isWaiting;
  if (!isSuspected(group)) return { kind: 'ADMITTED', leave: await gate.enter(isWaiting) };

  const leave = await gate.enterAlone(isWaiting);
  if (leave === null) {
    await progress.recordWaiting(`a long load of another dataset: ${INTERRUPTED}, so it is loaded alone`);
    return { kind: 'POSTPONED', ms: NOT_ALONE_REST_MS };
  }
  try {
    await progress.recordWaiting(null);
    await deps.lanes.recordAlone(held.lease, group);
    return { kind: 'ADMITTED', leave };
  } catch (error) {
    leave();
    throw error;
  }
}

const INTERRUPTED = 'workers crashed, or stalled for longer than their lease, while they loaded this job';

/** Lets a group rest that no worker survives although it has passed its commit point. It can only roll forward, so this is a defect, and is reported with every rest. */
async function setApart({ lanes, reportError }: Pick<LoadDeps, 'lanes' | 'reportError'>, progress: GroupProgress) {
  const { group } = progress;
  const message = `${group.lateInterruptions} workers in a row crashed, or stalled for longer than their lease, after the commit point; it is tried again every ${SET_APART_MS / 60_000} minutes until a worker ends it`;
  const error = new Error(`${await jobsOf(group, lanes)} of dataset ${group.datasetId}: ${message}`);
  reportError(error, 'ending a job that has passed its commit point; this is a defect of Sluice');
  await progress.recordWaiting(`the next attempt: ${message}`);
  return { kind: 'POSTPONED', ms: group.restMs } as const;
}

async function jobsOf(group: Group, lanes: Pick<LoadDeps['lanes'], 'jobsOf'>): Promise<string> {
  const jobs = await lanes.jobsOf(group);
  const [first, last] = [jobs[0]?.id, jobs.at(-1)?.id];
  return first === last ? `job ${first}` : `jobs ${first} to ${last}`;
}
