import type { MismatchPolicy } from '../domain/design/design.js';
import type { JobError, Mismatch, WaitingJob } from '../domain/job/job.js';
import { countsOfRefused, type JobOutcome, MAX_KEPT_ERRORS, NO_COUNTS } from '../domain/job/job.js';
import type { JsonObject } from '../domain/json/json-value.js';
import { stringifyJson } from '../domain/json/stringify-json.js';
import type { LoadedJob } from '../ports/lane.js';
import type { QuarantinedRecord } from '../ports/quarantine.js';
import type { Row } from '../ports/record-store.js';

/** One push on its way through the phases, which fill it step by step. */
export class PushInWork {
  readonly rows: Row[] = [];
  readonly errors: JobError[] = [];
  readonly #refused = new Map<number, readonly Mismatch[]>();
  #errorCount = 0;
  #quarantined = 0;

  /** `gone`: the places of records of a replay that are in quarantine no longer. */
  constructor(
    readonly job: WaitingJob,
    readonly records: readonly JsonObject[],
    private readonly policy: MismatchPolicy,
    private readonly gone: ReadonlySet<number> = new Set(),
  ) {}

  /** By FAIL one record at fault refuses the whole push; by QUARANTINE, and in a replay, only if no other is left. */
  get refused(): boolean {
    if (this.#refused.size === 0) return false;
    return this.#isWhole || this.#refused.size === this.records.length - this.gone.size;
  }

  get #isWhole(): boolean {
    return this.policy === 'FAIL' && this.job.kind === 'PUSH';
  }

  /** The records that are still to be loaded, with their places. */
  *standing(): Generator<readonly [number, JsonObject]> {
    for (const [index, record] of this.records.entries()) {
      if (!this.gone.has(index) && !this.#refused.has(index)) yield [index, record];
    }
  }

  refuseRecord(recordIndex: number, mismatches: readonly Mismatch[]): void {
    this.#refused.set(recordIndex, mismatches.slice(0, MAX_KEPT_ERRORS));
    this.#errorCount += mismatches.length;
    const room = MAX_KEPT_ERRORS - this.errors.length;
    for (const mismatch of mismatches.slice(0, room)) this.errors.push({ recordIndex, ...mismatch });
  }

  get mayQuarantine(): boolean {
    return this.policy === 'QUARANTINE' && this.job.kind === 'PUSH' && this.#refused.size > 0;
  }

  /** The refused records that go to quarantine, as many as there is room for: what a replay refuses is there already. */
  toQuarantine(room: number, quarantinedAt: Date): QuarantinedRecord[] {
    const { id: jobId, datasetId, position } = this.job;
    const kept = [...this.#refused].slice(0, Math.max(0, room)).map(([recordIndex, errors]) => {
      const record = stringifyJson(this.records[recordIndex]);
      return { id: `${jobId}:${recordIndex}`, datasetId, jobId, position, recordIndex, record, errors, quarantinedAt };
    });
    this.#quarantined = kept.length;
    return kept;
  }

  /** The quarantine's ids of the records that this replay loads. */
  released(): string[] {
    if (this.refused) return [];
    const { replayOf = [] } = this.job;
    return replayOf.filter((_, index) => !this.#refused.has(index));
  }

  /** What the commit point records of it. */
  outcome(): JobOutcome {
    const { id: jobId, position } = this.job;
    const read = this.records.length;
    const mismatchedRecords = this.#refused.size;
    const cut = this.mayQuarantine ? mismatchedRecords - this.#quarantined : 0;
    const faults = {
      errorCount: this.#errorCount,
      mismatchedRecords,
      quarantined: this.#quarantined,
      quarantineCut: cut,
    };
    const common = { jobId, position, errors: this.errors, faults };
    if (this.refused) return { kind: 'REFUSED', counts: countsOfRefused(read), ...common };
    const unchanged = this.gone.size;
    const added = read - unchanged - mismatchedRecords;
    const counts = { ...NO_COUNTS, read, added, unchanged, failed: mismatchedRecords, rows: this.rows.length };
    return { kind: 'LOADED', counts, ...common };
  }
}

/** What the commit point records of the pushes. */
export function outcomesOf(pushes: readonly PushInWork[]): JobOutcome[] {
  return pushes.map((push) => push.outcome());
}

/** The rows of the pushes that the commit point let through, in lane order. */
export function rowsOf(pushes: readonly PushInWork[], loaded: readonly LoadedJob[]): Row[] {
  return pushes.flatMap((push) => (isLoaded(push, loaded) ? push.rows : []));
}

/** The quarantine's ids of the records that are loaded by replays. */
export function releasedBy(pushes: readonly PushInWork[], loaded: readonly LoadedJob[]): string[] {
  return pushes.flatMap((push) => (isLoaded(push, loaded) ? push.released() : []));
}

function isLoaded({ job }: PushInWork, loaded: readonly LoadedJob[]): boolean {
  return loaded.some(({ position }) => position === job.position);
}
