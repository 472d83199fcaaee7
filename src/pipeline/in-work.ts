import type { GroupBounds, TakenGroup } from '../ports/lane.js';
import type { SmallGroups } from '../ports/small-groups.js';
import { GroupProgress } from './group-progress.js';
import type { LoadDeps } from './group-run.js';
import type { HeldLease } from './held-lease.js';
import { mayBeOneStep, OneStep } from './one-step.js';
import type { ReadAhead } from './read-ahead.js';
import { beginCheck, type RowCheck } from './row-check.js';

/** The group that a run loads. */
export interface InWork {
  readonly progress: GroupProgress;
  readonly oneStep: OneStep;
  readonly ahead: ReadAhead;
}

export interface TakingDeps extends LoadDeps {
  /** Null where rows are not in the database of the ledger. */
  readonly smallGroups: SmallGroups | null;
  /** See {@link GroupProgress}. */
  readonly storeStatusesAfterMs?: number;
}

/** Takes the next group of a lane; null if none waits. `begun`: a check of the lane's rows. */
export async function takeGroup(
  deps: TakingDeps,
  bounds: GroupBounds,
  held: HeldLease,
  ahead: ReadAhead,
  begun?: RowCheck,
): Promise<(InWork & TakenGroup) | null> {
  const { lanes, clock, smallGroups, storeStatusesAfterMs } = deps;
  const { lease, stillOwned } = held;
  // Begun before the jobs are read, so that both waits overlap.
  const check = begun?.generation === lease.generation ? begun : beginCheck(deps, lease.generation, stillOwned);
  const taken = await lanes.nextGroup(lease, bounds, clock.now(), smallGroups ? mayBeOneStep : undefined);
  if (!taken) return null;
  const oneStep = new OneStep(deps, smallGroups, held, taken, check);
  const progress = new GroupProgress({ storeStatusesAfterMs, ...oneStep.loadDeps() }, held, taken.group);
  return { progress, oneStep, ahead, ...taken };
}
