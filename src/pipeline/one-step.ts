import type { JobOutcome, LaneJob } from '../domain/job/job.js';
import type { Group, GroupEnd, Lanes, Lease, TakenGroup } from '../ports/lane.js';
import { rowOf } from '../ports/plain-write.js';
import { RecordStoreError } from '../ports/record-store.js';
import type { HiddenRecord, Row, RowWrite } from '../ports/row-writes.js';
import type { SmallGroups } from '../ports/small-groups.js';
import type { LoadDeps, LoadStore } from './group-run.js';
import type { HeldLease } from './held-lease.js';
import type { RowCheck } from './row-check.js';
import { SMALL_GROUP_BYTES } from './small-group.js';

/** What a transaction takes without keeping other writers waiting. */
const SMALL = { jobs: 100, bytes: SMALL_GROUP_BYTES, rows: 200, rowBytes: 1024 * 1024 };

/** How old a check may be that rows can be written. */
const RECENT_MS = 1_000;

/** Thrown when a job was terminated, a row refused, or rows could not be written, after an attempt had put off its commit point. The next attempt takes the long way. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
}

/** A commit point that was put off. */
interface PutOff {
  readonly lease: Lease;
  readonly group: Group;
  readonly outcomes: readonly JobOutcome[];
  readonly at: Date;
}

/**
 * The lanes and the record store of one attempt to load a group. If the group is small and only adds records, the group itself, its commit point and its rows are put off until its end,
 * and then stored with it in one transaction. Until then nothing is stored: a crash leaves a lane that its owner has not released, the next run stores the group first, and its jobs can be
 * terminated. If the attempt stores anything else before the end, it stores the group first; if that rests on the commit point, it also commits the group.
 *
 * ```
 * long way   store group |-- parse, join --| commit |-- write rows --| end
 * one step               |-- parse, join --|-- keep rows in memory --| group, commit, rows and end
 * ```
 */
export class OneStep {
  #putOff: PutOff | null = null;
  #committing: Promise<void> = Promise.resolve();
  #rows: (Row | HiddenRecord)[] = [];
  #rowBytes = 0;
  #isStored: boolean;
  /** A check that rows can be written, if it has begun. */
  #check: RowCheck | undefined;
  #storing: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: LoadDeps,
    private readonly smallGroups: SmallGroups | null,
    private readonly held: HeldLease,
    private readonly taken: TakenGroup,
    check?: RowCheck,
  ) {
    this.#isStored = taken.isStored;
    this.#check = check;
  }

  /** Whether the group is stored, or perhaps is. */
  get isStored(): boolean {
    return this.#isStored;
  }

  /** The group as it is stored, if its commit point was put off and it has not been committed since. */
  get uncommitted(): Group | null {
    return this.#putOff?.group ?? null;
  }

  /** What the attempt must use. */
  loadDeps(): LoadDeps {
    if (this.smallGroups === null) return this.deps;
    const { lanes, records, quarantine, answerLog } = this.deps;
    return {
      ...this.deps,
      lanes: {
        ...lanes,
        commit: (...args) => this.#commit(...args),
        complete: (...args) => this.#complete(...args),
        recordTransitions: async (lease, group) => {
          await this.#commitNow();
          await this.#store();
          await lanes.recordTransitions(lease, group);
        },
        recordWaiting: this.#afterStore(lanes.recordWaiting),
        recordProgress: this.#afterStore(lanes.recordProgress),
        replaceGeneration: this.#afterStore(lanes.replaceGeneration),
      },
      quarantine: { ...quarantine, keep: this.#afterStore(quarantine.keep) },
      answerLog: { ...answerLog, keep: this.#afterStore(answerLog.keep) },
      records: { ...records, writeRows: (...args) => this.#writeRows(...args) },
    };
  }

  async #commit(...args: Parameters<Lanes['commit']>): ReturnType<Lanes['commit']> {
    const [lease, group, outcomes, at, appliedRevision] = args;
    const isPutOff = appliedRevision === undefined && isSmall(group, outcomes) && this.smallGroups?.hasRoom();
    if (!isPutOff) {
      await this.#store();
      return this.deps.lanes.commit(...args);
    }
    this.#putOff = { lease, group, outcomes, at };
    return { kind: 'COMMITTED', group: { ...group, loaded: outcomes }, isPutOff: true };
  }

  async #complete(lease: Lease, group: Group, end: GroupEnd, at: Date): Promise<Lease> {
    const { lanes } = this.deps;
    const putOff = this.#putOff;
    const after = putOff && isPlain(end) && (await this.#loadInOneStep(lease, group, putOff.outcomes, at));
    if (after) {
      this.#putOff = null;
      return after;
    }
    await this.#commitNow();
    return lanes.complete(lease, group, end, at);
  }

  async #loadInOneStep(lease: Lease, group: Group, outcomes: readonly JobOutcome[], at: Date): Promise<Lease | null> {
    await this.#storing;
    const isStored = this.#isStored;
    // If the transaction fails, it may be unknown whether it has stored the group.
    this.#isStored = true;
    const after = await this.smallGroups?.load(lease, { group, isStored }, outcomes, this.#rows, at);
    if (after) return after;
    this.#isStored = isStored;
    return null;
  }

  /** Stores the group if that was put off. */
  #store(): Promise<void> {
    if (!this.#isStored) {
      this.#isStored = true;
      this.#storing = this.deps.lanes.storeGroup(this.held.lease, this.taken.group);
    }
    return this.#storing;
  }

  #afterStore<A extends unknown[], R>(write: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      await this.#store();
      return write(...args);
    };
  }

  readonly #writeRows: LoadStore['writeRows'] = async (generation, writes, stillOwned) => {
    const { records } = this.deps;
    if (this.#putOff?.lease.generation === generation) {
      const kept = this.#fewRows(writes);
      const check = this.#takeCheck();
      // Writes nothing, but throws if rows cannot be written now.
      if (kept) await (check ?? records.writeRows(generation, [], stillOwned));
      if (kept && this.#putOff) {
        this.#rows.push(...kept);
        return [];
      }
      await this.#commitNow();
    }
    await this.#committing;
    return records.writeRows(generation, writes, stillOwned);
  };

  /** The rows, if together with those that are kept already they are few and small, and none is a tombstone. */
  #fewRows(writes: Iterable<RowWrite>): (Row | HiddenRecord)[] | null {
    const { sizeOf } = this.deps.records;
    const rows: (Row | HiddenRecord)[] = [];
    for (const write of writes) {
      if ('deleted' in write || 'encoded' in write || this.#rows.length + rows.length >= SMALL.rows) return null;
      const row = 'plain' in write ? rowOf(write) : write;
      this.#rowBytes += 'values' in row ? sizeOf(row.values) : 0;
      if (this.#rowBytes > SMALL.rowBytes) return null;
      rows.push(row);
    }
    return rows;
  }

  /** The check that began lately, once. */
  #takeCheck(): Promise<unknown> | undefined {
    const check = this.#check;
    this.#check = undefined;
    return check && this.deps.clock.monotonicMs() - check.beganAt < RECENT_MS ? check.done : undefined;
  }

  /** Commits the group if its commit point was put off, and writes the rows that were kept. */
  #commitNow(): Promise<void> {
    const putOff = this.#putOff;
    if (putOff) {
      this.#putOff = null;
      this.#committing = this.#commitPutOff(putOff, this.#rows);
      this.#rows = [];
    }
    return this.#committing;
  }

  async #commitPutOff({ lease, group, outcomes, at }: PutOff, rows: readonly RowWrite[]): Promise<void> {
    const { lanes, records } = this.deps;
    await this.#store();
    const { kind } = await lanes.commit(lease, group, outcomes, at);
    if (kind === 'JOB_TERMINATED') throw new OvertakenError('a job was terminated before its group was committed');
    if (rows.length === 0) return;
    try {
      const [rejected] = await records.writeRows(lease.generation, rows, this.held.stillOwned);
      if (rejected) throw new OvertakenError(`row ${rejected.id}: ${rejected.reason}`);
    } catch (error) {
      // It would be repeated for ever, since all wait for this one write. The next attempt repeats only the write.
      if (error instanceof RecordStoreError) throw new OvertakenError(error.message, { cause: error });
      throw error;
    }
  }
}

/** Whether a new group may be loaded in one step, as far as its jobs show. */
export function mayBeOneStep({ bytes }: Group, jobs: readonly LaneJob[]): boolean {
  if (bytes > SMALL.bytes || jobs.length > SMALL.jobs) return false;
  const records = jobs.reduce((sum, { recordCount }) => sum + recordCount, 0);
  return records <= SMALL.rows && jobs.every(({ kind, method }) => kind === 'PUSH' && method === 'REPLACE');
}

/** Whether the group is small, was never tried before, and its jobs add records and do nothing else. */
function isSmall({ attempts, interruptions, bytes }: Group, outcomes: readonly JobOutcome[]): boolean {
  if (attempts > 1 || interruptions > 0 || bytes > SMALL.bytes || outcomes.length > SMALL.jobs) return false;
  let rows = 0;
  for (const { counts } of outcomes) rows += counts.rows;
  return rows <= SMALL.rows && outcomes.every(onlyAdds);
}

function onlyAdds({ kind, counts, faults, left = [] }: JobOutcome): boolean {
  const { added, read } = counts;
  return kind === 'LOADED' && added === read && faults.errorCount === 0 && left.length === 0;
}

/** Whether nothing happens at the end of a group but that its jobs are closed. */
function isPlain({ released = [], takenBack, deletedRows = false, swap }: GroupEnd): boolean {
  return released.length === 0 && !takenBack && !deletedRows && !swap;
}
