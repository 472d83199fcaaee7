import type { LanePlace } from '../domain/dataset.js';
import type { JobOutcome } from '../domain/job/job.js';
import type { LatestEntries } from '../domain/latest-entries.js';
import type { AddressSource } from '../ports/address-source.js';
import type { AnswerLog } from '../ports/answer-log.js';
import type { Clock } from '../ports/clock.js';
import type { ExaminationThreads } from '../ports/examination-threads.js';
import type { Generations } from '../ports/generations.js';
import type { OfflineGeocoder } from '../ports/geocoder.js';
import type { CommitResult, GroupEnd, Lanes } from '../ports/lane.js';
import type { LookupSource } from '../ports/lookup-source.js';
import type { PushLog } from '../ports/push-log.js';
import type { Quarantine } from '../ports/quarantine.js';
import {
  RecordStoreError,
  type RejectedRow,
  type RowQueries,
  type RowWriter,
  type StoredRows,
} from '../ports/record-store.js';
import type { RowWrite } from '../ports/row-writes.js';
import type { StatusNudges } from '../ports/status-nudges.js';
import type { Ahead } from './ahead.js';
import type { CompiledDesigns } from './compiled-designs.js';
import type { GroupProgress } from './group-progress.js';
import type { HeldLease } from './held-lease.js';
import { storeStep } from './store-step.js';

/** The part of the record store that loads use. */
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
  readonly lookups: LookupSource;
  /** The geocoder of the operator; null if addresses are placed offline. */
  readonly addresses: AddressSource | null;
  /** For jobs that were loaded before the operator named a geocoder. */
  readonly geocoder: OfflineGeocoder;
  readonly answerLog: AnswerLog;
  /** Null to examine all pushes in the thread of the event loop. */
  readonly threads: ExaminationThreads | null;
  readonly nudges: StatusNudges;
  /** Where lanes are final since this process has ended a group there. */
  readonly settled: Pick<LatestEntries<LanePlace>, 'put'>;
  readonly clock: Clock;
  readonly reportError: (error: unknown, doing: string) => void;
}

/** The result of applying a group's jobs. JOB_TERMINATED: one of them was terminated before the commit point, so the others must be applied again without it. */
export type Applied = { readonly kind: 'APPLIED'; readonly end: GroupEnd } | typeof JOB_TERMINATED;

export const JOB_TERMINATED = { kind: 'JOB_TERMINATED' } as const;

export function applied(end: GroupEnd): Applied {
  return { kind: 'APPLIED', end };
}

/** Throws REJECTED if the record store permanently rejected a row. For callers that cannot continue without it. */
export function refuseRejected([first]: readonly RejectedRow[]): void {
  if (first) throw new RecordStoreError('REJECTED', `row ${first.id}: ${first.reason}`);
}

/** One attempt to load a group: its lease, its progress, and what every kind of job needs. */
export class GroupRun {
  constructor(
    readonly deps: LoadDeps,
    readonly held: HeldLease,
    readonly progress: GroupProgress,
    readonly signal: AbortSignal,
    readonly ahead: Ahead,
    readonly throwsBlocked = false,
  ) {}

  /** The same run for work that is cheap to repeat: if only this dataset's rows cannot be written, it throws BLOCKED and so frees the worker for other lanes. */
  throwingBlocked(): GroupRun {
    return new GroupRun(this.deps, this.held, this.progress, this.signal, this.ahead, true);
  }

  /** Whether the group has passed the commit point, in this attempt or an earlier one: then it only rolls forward. */
  get committed(): boolean {
    return this.progress.group.loaded !== null;
  }

  /** Whether no earlier attempt can have stored anything for the jobs. Invariant: a job is in one group and its parts, and a run that takes up a group or a part counts the attempt first. */
  get isFirstAttempt(): boolean {
    return this.progress.group.attempts === 1;
  }

  /** Whether no run was interrupted, or gave up, while it loaded the group. */
  get isUndisturbed(): boolean {
    return this.isFirstAttempt && this.progress.group.interruptions === 0;
  }

  /** The positions of the jobs that the commit point recorded as loaded, and not as refused. */
  loadedPositions(): ReadonlySet<number> {
    return new Set(this.progress.group.loaded?.map(({ position }) => position));
  }

  /** Whether a loaded job deletes records. */
  get deletesRecords(): boolean {
    return this.progress.group.loaded?.some(({ counts }) => counts.deleted > 0) ?? false;
  }

  readonly silence = (): string | null => this.deps.records.silence();

  /** Sends a request to the record store, and retries it as long as the store cannot accept it. */
  storeStep<T>(step: (records: LoadStore) => Promise<T>): Promise<T> {
    return storeStep(this, () => step(this.deps.records));
  }

  /** Writes rows. Throws REJECTED if the record store permanently rejects one of them. */
  async write(generation: string, writes: readonly RowWrite[]): Promise<void> {
    if (writes.length === 0) return;
    refuseRejected(await this.storeStep((store) => store.writeRows(generation, writes, this.held.stillOwned)));
  }

  /** The commit point. With `appliedRevision`, it commits only if that is still the applied design. */
  async commit(outcomes: readonly JobOutcome[], appliedRevision?: number): Promise<CommitResult['kind']> {
    const { lanes, clock, nudges } = this.deps;
    await this.progress.settle();
    this.held.stillOwned();
    const { group } = this.progress;
    const result = await lanes.commit(this.held.lease, group, outcomes, clock.now(), appliedRevision);
    if (result.kind === 'COMMITTED') {
      this.progress.group = result.group;
      if (!result.isPutOff) nudges.nudge(group.datasetId);
    }
    return result.kind;
  }
}
