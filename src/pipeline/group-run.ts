import type { JobOutcome } from '../domain/job/job.js';
import type { Clock } from '../ports/clock.js';
import type { Generations } from '../ports/generations.js';
import type { CommitResult, GroupEnd, Lanes } from '../ports/lane.js';
import type { PushLog } from '../ports/push-log.js';
import type { Quarantine } from '../ports/quarantine.js';
import {
  RecordStoreError,
  type RejectedRow,
  type RowQueries,
  type RowWrite,
  type RowWriter,
  type StoredRows,
} from '../ports/record-store.js';
import type { StatusNudges } from '../ports/status-nudges.js';
import type { CompiledDesigns } from './compiled-designs.js';
import type { GroupProgress } from './group-progress.js';
import type { HeldLease } from './held-lease.js';
import { storeStep } from './store-step.js';

/** What loads use of the record store. */
export type LoadStore = RowWriter & StoredRows & Pick<RowQueries, 'count'>;

export interface LoadDeps {
  readonly lanes: Lanes;
  readonly pushLog: PushLog;
  readonly quarantine: Quarantine;
  /** How many records a dataset may have in quarantine. */
  readonly maxQuarantineRecords: number;
  readonly records: LoadStore;
  readonly generations: Pick<Generations, 'begin'>;
  readonly designs: CompiledDesigns;
  readonly nudges: StatusNudges;
  readonly clock: Clock;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** What came of applying a group's jobs. JOB_TERMINATED: one of them was, before the commit point; the others are to be taken again. */
export type Applied = { readonly kind: 'APPLIED'; readonly end: GroupEnd } | typeof JOB_TERMINATED;

export const JOB_TERMINATED = { kind: 'JOB_TERMINATED' } as const;

export function applied(end: GroupEnd): Applied {
  return { kind: 'APPLIED', end };
}

/** Throws REJECTED if the record store permanently refuses one of the rows, for callers that cannot load the others without it. */
export function refuseRejected([first]: readonly RejectedRow[]): void {
  if (first) throw new RecordStoreError('REJECTED', `row ${first.id}: ${first.reason}`);
}

/** What every kind of group is loaded with. */
export class GroupRun {
  constructor(
    readonly deps: LoadDeps,
    readonly held: HeldLease,
    readonly progress: GroupProgress,
    readonly signal: AbortSignal,
    readonly givesWay = false,
  ) {}

  /** The same, for work that is soon done again: it throws BLOCKED instead of keeping the worker's place while its rows alone cannot be written. */
  givingWay(): GroupRun {
    return new GroupRun(this.deps, this.held, this.progress, this.signal, true);
  }

  /** Whether an earlier attempt has passed the commit point: from there on the group only rolls forward. */
  get committed(): boolean {
    return this.progress.group.loaded !== null;
  }

  /** Whether a job is to be rolled forward; false for one that the commit point refused. */
  isLoaded(position: number): boolean {
    return this.progress.group.loaded?.some((loaded) => loaded.position === position) ?? false;
  }

  readonly silence = (): string | null => this.deps.records.silence();

  /** A request to the record store, repeated while it cannot take it. */
  storeStep<T>(step: (records: LoadStore) => Promise<T>): Promise<T> {
    return storeStep(this, () => step(this.deps.records));
  }

  /** Writes rows. Throws REJECTED when the record store will never take one of them. */
  async write(generation: string, writes: readonly RowWrite[]): Promise<void> {
    if (writes.length === 0) return;
    refuseRejected(await this.storeStep((store) => store.writeRows(generation, writes, this.held.stillOwned)));
  }

  /** The commit point. With `appliedRevision` only while that is the applied design. */
  async commit(outcomes: readonly JobOutcome[], appliedRevision?: number): Promise<CommitResult['kind']> {
    const { lanes, clock, nudges } = this.deps;
    await this.progress.settle();
    this.held.stillOwned();
    const { group } = this.progress;
    const result = await lanes.commit(this.held.lease, group, outcomes, clock.now(), appliedRevision);
    if (result.kind === 'COMMITTED') {
      this.progress.group = result.group;
      nudges.nudge(group.datasetId);
    }
    return result.kind;
  }
}
