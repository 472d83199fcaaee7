import { LatestEntries } from '../domain/latest-entries.js';
import type { Catalog } from '../ports/catalog.js';
import type { IdSource } from '../ports/id-source.js';
import type { JobLedger } from '../ports/job-ledger.js';
import { type GroupBounds, LeaseLostError } from '../ports/lane.js';
import type { LaneQueue } from '../ports/lane-queue.js';
import { admit } from './admission.js';
import { SET_APART, SPLIT_AFTER } from './given-up.js';
import type { GroupRoom } from './group-room.js';
import { GroupRun } from './group-run.js';
import { HeldLease } from './held-lease.js';
import { type InWork, type TakingDeps, takeGroup } from './in-work.js';
import { loadGroup } from './load.js';
import { LoadGate } from './load-gate.js';
import { areRowsLost, lostRows } from './lost-rows.js';
import { OvertakenError } from './one-step.js';
import { ReadAhead } from './read-ahead.js';
import { restoreRows } from './rebuild-dataset.js';
import { beginCheck } from './row-check.js';
import { isBlocked } from './store-step.js';

/** 2,000 small jobs load faster than 1,000. The payload bytes of a group must fit into memory several times. */
const GROUP_BOUNDS: GroupBounds = {
  maxJobs: 2_000,
  maxRecords: 100_000,
  maxBytes: 8 * 1024 * 1024,
  splitAfter: SPLIT_AFTER,
  setApart: SET_APART,
};
/** How long a worker loads one lane before other lanes get their turn. */
const TURN_MS = 2_000;
/** How long a lane rests after its group could not be loaded and waiting does not help. Doubled with every attempt. */
const REST_MS = { first: 500, longest: 10_000 };
const GENERATIONS_KEPT = 1_000;
const STOPPED = new Error('the worker is to stop');

export interface LaneWorkerDeps extends TakingDeps {
  readonly catalog: Pick<Catalog, 'recordLostRows'>;
  readonly ledger: JobLedger;
  readonly laneQueue: LaneQueue;
  readonly room: GroupRoom;
  /** How long this worker may be silent before another takes its lane. */
  readonly leaseMs: number;
  readonly newId: IdSource;
}

/** LOADED: the group is complete. REST: it could not be loaded; the next attempt follows after `ms`. POSTPONED: the same, and it was not tried. */
type GroupAttempt = { readonly kind: 'LOADED' } | { readonly kind: 'REST' | 'POSTPONED'; readonly ms: number };

/** How a turn ended: whether jobs are left, and how long the lane rests before the next turn. */
interface TurnEnd {
  readonly isLeft: boolean;
  readonly restMs: number;
}

const NO_TURN: TurnEnd = { isLeft: false, restMs: 0 };

/** Loads lanes: one call of `run` for each lane, any number in parallel. */
export class LaneWorker {
  readonly #owner: string;
  readonly #stopping = new AbortController();
  readonly #gate: LoadGate;
  /** Of the lanes that were loaded last. */
  readonly #generations = new LatestEntries<string>(GENERATIONS_KEPT);

  constructor(private readonly deps: LaneWorkerDeps) {
    this.#owner = deps.newId();
    this.#gate = new LoadGate(deps.clock);
  }

  /**
   * Takes the lane if no worker owns it, and loads its groups until no group waits or the turn is over. Never throws: errors are reported, and the lane is woken
   * again later. `isNudged`: whether there may be jobs that this process has accepted since the run began. With `accepted`, it takes the lane at once and looks
   * for groups when that has resolved.
   */
  async run(datasetId: string, isNudged = () => true, accepted?: Promise<unknown>): Promise<void> {
    try {
      // Without the lane, so that another process can take it meanwhile.
      await this.#gate.whenOpen();
      if (this.#stopping.signal.aborted) {
        await accepted;
        return await this.#wakeAgain(datasetId);
      }
      let end = await this.#takeTurn(datasetId, isNudged, accepted);
      if (!end && accepted) {
        // The lane's owner may have looked for jobs for the last time before this one was there.
        await accepted;
        end = await this.#takeTurn(datasetId, isNudged);
      }
      const { isLeft, restMs } = end ?? NO_TURN;
      if (restMs > 0) await this.#wakeLater(datasetId, restMs);
      else if (isLeft) await this.#wakeAgain(datasetId);
    } catch (error) {
      // Otherwise the next one to take the lane might not find the job.
      await accepted;
      if (error instanceof LeaseLostError) return accepted && this.#wakeAgain(datasetId);
      if (error === STOPPED) return this.#wakeAgain(datasetId);
      this.deps.reportError(error, `loading the lane of dataset ${datasetId}`);
      await this.#wakeLater(datasetId, REST_MS.first);
    }
  }

  /** Begins no further group, and stops groups that wait for the record store. Other workers continue with their lanes. */
  stop(): void {
    this.#stopping.abort(STOPPED);
  }

  #wakeAgain(datasetId: string): Promise<void> {
    const { laneQueue } = this.deps;
    return this.#stopping.signal.aborted ? laneQueue.handOver(datasetId) : laneQueue.wake(datasetId);
  }

  /** Null if the lane cannot be taken. */
  async #takeTurn(datasetId: string, isNudged: () => boolean, accepted?: Promise<unknown>): Promise<TurnEnd | null> {
    const { lanes, clock, leaseMs } = this.deps;
    const askedAt = clock.monotonicMs();
    // Probably its generation is still that of the last turn, so that both waits overlap.
    const taking = lanes.acquire(datasetId, this.#owner, leaseMs);
    let check = beginCheck(this.deps, this.#generations.get(datasetId));
    const lease = await taking;
    if (!lease) return null;
    this.#generations.put(datasetId, lease.generation);
    const held = new HeldLease(lanes, clock, lease, askedAt, leaseMs);
    let attempt: GroupAttempt = { kind: 'LOADED' };
    const ahead = new ReadAhead(this.deps, GROUP_BOUNDS, () => this.#mayGoOn(askedAt));
    let inWork: InWork | null = null;
    try {
      await accepted;
      let isLast = false;
      while (!isLast && attempt.kind === 'LOADED' && this.#mayGoOn(askedAt)) {
        const taken = await takeGroup(this.deps, ahead.bounds, held, ahead, check);
        check = undefined;
        if (!taken) break;
        inWork = taken;
        attempt = await this.#loadInRoom(held, inWork);
        if (attempt.kind !== 'REST') inWork = null;
        // What other processes have accepted since then is looked for once the lane is released.
        isLast = taken.hasAll && !isNudged();
      }
    } catch (error) {
      const isReleased = await this.#releaseAfter(error, held, inWork);
      if (!isReleased || !(error instanceof LeaseLostError)) throw error;
      throw new Error('the lease of the lane expired and no other worker took the lane; this worker takes it again', {
        cause: error,
      });
    } finally {
      ahead.drop();
    }
    const restMs = attempt.kind === 'LOADED' ? 0 : attempt.ms;
    await this.#leave(held, inWork, restMs);
    // Includes jobs that were accepted between the last look and the release, because their wakes found the lane taken.
    return { isLeft: await this.deps.ledger.hasJobsAfter(datasetId, held.lease.finalThrough), restMs };
  }

  /** Whether the turn that began at this time may begin another group. */
  #mayGoOn(beganAt: number): boolean {
    return !this.#stopping.signal.aborted && this.deps.clock.monotonicMs() - beganAt < TURN_MS;
  }

  /** Loads a group as soon as there is room for it. */
  async #loadInRoom(held: HeldLease, inWork: InWork): Promise<GroupAttempt> {
    const { designs, room } = this.deps;
    const { datasetId, appliedRevision } = held.lease;
    const { runSteps } = await designs.of(datasetId, appliedRevision);
    inWork.ahead.release();
    const release = await room.reserve(inWork.progress.group.bytes, runSteps !== null);
    return this.#loadAdmitted(held, inWork).finally(release);
  }

  /** Releases the lane after an error. The caller throws that error, so a failed release is only reported. Returns whether the release succeeded. */
  async #releaseAfter(error: unknown, held: HeldLease, inWork: InWork | null): Promise<boolean> {
    const isInterrupted = error instanceof LeaseLostError && held.stalled;
    try {
      if (isInterrupted) await held.release(0, true);
      else await this.#leave(held, inWork);
      return true;
    } catch (failure) {
      const isLost = error instanceof LeaseLostError || failure instanceof LeaseLostError;
      if (!isLost) this.deps.reportError(failure, `releasing the lane of dataset ${held.lease.datasetId}`);
      return false;
    }
  }

  /** Releases the lane, and gives back a group that is stored and not complete. An interruption that no group has counted stays on the lane. */
  async #leave(held: HeldLease, inWork: InWork | null, restMs = 0): Promise<void> {
    try {
      if (inWork?.oneStep.isStored) await this.deps.lanes.giveBack(held.lease, inWork.progress.group);
    } finally {
      await held.release(restMs, inWork === null && held.lease.wasInterrupted);
    }
  }

  /** Loads a group as soon as the process may. */
  async #loadAdmitted(held: HeldLease, inWork: InWork): Promise<GroupAttempt> {
    const admission = await admit(this.deps, this.#gate, held, inWork.progress);
    if (admission.kind === 'POSTPONED') return admission;
    try {
      this.#stopping.signal.throwIfAborted();
      return await this.#load(held, inWork);
    } finally {
      admission.leave();
    }
  }

  /** Loads a group. If that fails, its jobs show the reason. */
  async #load(held: HeldLease, { progress, oneStep, ahead }: InWork): Promise<GroupAttempt> {
    const { group } = progress;
    const run = new GroupRun(oneStep.loadDeps(), held, progress, this.#stopping.signal, ahead);
    try {
      return await this.#loadOrRestore(run);
    } catch (error) {
      if (error instanceof LeaseLostError || error === STOPPED) throw error;
      if (error instanceof OvertakenError) return { kind: 'REST', ms: 0 };
      if (!isBlocked(error)) this.deps.reportError(error, `loading the lane of dataset ${group.datasetId}`);
      await progress.recordWaiting(error instanceof Error ? error.message : String(error));
      return { kind: 'REST', ms: Math.min(REST_MS.longest, REST_MS.first * 2 ** (group.attempts - 1)) };
    } finally {
      // A late write would meet the next owner's. If one has failed, the attempt has failed too, or was over.
      await progress.settle().catch(() => undefined);
      progress.group = oneStep.uncommitted ?? progress.group;
    }
  }

  /** Loads a group. If the dataset's rows are lost and a REBUILD waits, it first restores the rows, and the next attempt follows without a rest. */
  async #loadOrRestore(run: GroupRun): Promise<GroupAttempt> {
    const { held } = run;
    try {
      held.lease = await loadGroup(run);
      return { kind: 'LOADED' };
    } catch (error) {
      if (!(await areRowsLost(run, error))) throw error;
      await this.deps.catalog.recordLostRows(held.lease.datasetId, held.lease.generation);
      if (await this.#restore(run)) return { kind: 'REST', ms: 0 };
      throw lostRows(error);
    }
  }

  /** Makes the lane's rows again if a REBUILD waits. Returns whether it did. */
  async #restore(run: GroupRun): Promise<boolean> {
    const asked = () => this.deps.ledger.openJob(run.held.lease.datasetId, 'REBUILD');
    const rebuild = await asked();
    return rebuild !== null && (await restoreRows(run, rebuild, async () => (await asked())?.id === rebuild.id));
  }

  async #wakeLater(datasetId: string, restMs: number): Promise<void> {
    try {
      await this.deps.laneQueue.wakeAfter(datasetId, restMs);
    } catch (error) {
      this.deps.reportError(error, `waking the lane of dataset ${datasetId}; the sweep will wake it`);
    }
  }
}
