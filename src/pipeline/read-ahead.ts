import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { StoredValues } from '../domain/design/stored-value.js';
import { isNewPush, type LaneJob } from '../domain/job/job.js';
import { Examination } from '../domain/load/examination.js';
import type { ExaminedPayload } from '../domain/load/examined-payload.js';
import { HeldRows } from '../domain/load/held-rows.js';
import type { Group, GroupBounds, Lanes } from '../ports/lane.js';
import type { MemoryBudget } from '../ports/memory-budget.js';
import type { LoggedPush } from '../ports/push-log.js';
import { type Ahead, type AheadPush, type AheadPushes, NOTHING_AHEAD } from './ahead.js';
import type { LoadDeps } from './group-run.js';
import { examinePlain } from './phases/examine-plain.js';
import { taskOf } from './phases/examine-task.js';
import { rowTooLarge } from './row-mismatch.js';

/** Writing a smaller group leaves no time. */
const LARGE_BYTES = 1024 * 1024;
/** The most bytes of a group of plain records after a large one. They take little more memory than their payloads, and while a group ends and the next one begins, nothing is written. */
const PLAIN_BYTES = 16 * 1024 * 1024;

export interface ReadAheadDeps extends Pick<LoadDeps, 'pushLog' | 'records' | 'maxQuarantineRecords'> {
  readonly lanes: Pick<Lanes, 'jobsAfter'>;
  readonly room: Pick<MemoryBudget, 'tryReserve'>;
}

interface Reading {
  readonly design: CompiledDesign;
  pushes: Promise<AheadPushes>;
  /** The bytes of the first payloads that were examined, as long as their rows are written from their bytes. */
  plainBytes: number;
  /** Nothing more is read: the group has its turn, or it is not wanted any more. */
  isReleased: boolean;
  release: () => void;
}

/**
 * Examines the pushes that follow a large group while its rows are written, when the service would otherwise wait for the record store. Only pushes whose rows are written from their bytes: they
 * take little more memory than their payloads.
 * ```
 * group 1   read, examine | commit | write ------------------ | end
 * group 2                          | read, examine (ahead) --      | commit | write ---
 * ```
 */
export class ReadAhead implements Ahead {
  #reading: Reading | null = null;

  /** `mayGoOn`: whether another group may be loaded in this turn. */
  constructor(
    private readonly deps: ReadAheadDeps,
    private readonly usual: GroupBounds,
    private readonly mayGoOn: () => boolean,
  ) {}

  /** The bounds of the next group: larger if more has been read ahead. */
  get bounds(): GroupBounds {
    const { maxBytes } = this.usual;
    return { ...this.usual, maxBytes: Math.max(maxBytes, this.#reading?.plainBytes ?? 0) };
  }

  begin(group: Group, design: CompiledDesign): void {
    this.drop();
    if (group.bytes < LARGE_BYTES || !design.plainLayout || !this.mayGoOn()) return;
    const pushes = Promise.resolve(NOTHING_AHEAD);
    const reading = { design, pushes, plainBytes: 0, isReleased: false, release: () => undefined };
    // What fails here fails again, and is reported, when the group of the pushes reads them.
    reading.pushes = this.#read(group, reading).catch(() => NOTHING_AHEAD);
    this.#reading = reading;
  }

  async take(design: CompiledDesign): Promise<AheadPushes> {
    const reading = this.#reading;
    this.drop();
    return reading?.design === design ? reading.pushes : NOTHING_AHEAD;
  }

  /** Releases the memory, which the group of the pushes reserves in its turn. */
  release(): void {
    if (!this.#reading) return;
    this.#reading.isReleased = true;
    this.#reading.release();
  }

  /** Forgets what was read. */
  drop(): void {
    this.release();
    this.#reading = null;
  }

  async #read(group: Group, reading: Reading): Promise<AheadPushes> {
    const jobs = plainJobsOf(await this.deps.lanes.jobsAfter(group, { ...this.usual, maxBytes: PLAIN_BYTES }));
    const bytes = jobs.reduce((sum, { payload }) => sum + payload.bytes, 0);
    const release = jobs.length > 0 && !reading.isReleased ? this.deps.room.tryReserve(bytes) : null;
    if (!release) return NOTHING_AHEAD;
    reading.release = release;
    const found = new Map<number, AheadPush>();
    let allPlain = true;
    // One by one: this is not urgent, and a large response would keep others waiting.
    for (const job of jobs) {
      if (reading.isReleased) break;
      const [push] = await this.deps.pushLog.readPayloads([job]);
      const examined = push && (await this.#examine(push, reading.design));
      if (examined) found.set(job.position, { payload: push.payload, examined });
      else allPlain = false;
      if (allPlain) reading.plainBytes += job.payload.bytes;
    }
    return found;
  }

  #examine(push: LoggedPush, design: CompiledDesign): Promise<ExaminedPayload | null> {
    const { maxQuarantineRecords, records } = this.deps;
    const task = taskOf(push.job, design, { leftOut: null, maxQuarantineRecords });
    const held = new HeldRows(push.payload.length);
    const bounds = { held, check: (rows: readonly StoredValues[]) => rowTooLarge(rows, undefined, records) };
    return examinePlain(push, design, () => new Examination(design, task, bounds), true);
  }
}

/** The first jobs, up to one that does something else than to add records. */
function plainJobsOf(jobs: readonly LaneJob[]): readonly LaneJob[] {
  const other = jobs.findIndex((job) => !isNewPush(job));
  return other === -1 ? jobs : jobs.slice(0, other);
}
