import type { JobError, Mismatch, WaitingJob } from '../domain/job/job.js';
import { countsOfRefused, type JobOutcome, MAX_KEPT_ERRORS, NO_COUNTS } from '../domain/job/job.js';
import type { JsonObject } from '../domain/json/json-value.js';
import type { LoadedJob } from '../ports/lane.js';
import type { Row } from '../ports/record-store.js';

/** One push on its way through the phases, which fill it step by step. */
export class PushInWork {
  readonly rows: Row[] = [];
  readonly errors: JobError[] = [];
  #errorCount = 0;
  #mismatchedRecords = 0;

  constructor(
    readonly job: WaitingJob,
    readonly records: readonly JsonObject[],
  ) {}

  /** One record at fault refuses the whole push. */
  get refused(): boolean {
    return this.#mismatchedRecords > 0;
  }

  refuseRecord(recordIndex: number, mismatches: readonly Mismatch[]): void {
    this.#mismatchedRecords += 1;
    this.#errorCount += mismatches.length;
    const room = MAX_KEPT_ERRORS - this.errors.length;
    for (const mismatch of mismatches.slice(0, room)) this.errors.push({ recordIndex, ...mismatch });
  }

  /** What the commit point records of it. */
  outcome(): JobOutcome {
    const { id: jobId, position } = this.job;
    const read = this.records.length;
    if (this.refused) {
      const totals = { errorCount: this.#errorCount, mismatchedRecords: this.#mismatchedRecords };
      return { kind: 'REFUSED', jobId, counts: countsOfRefused(read), errors: this.errors, ...totals };
    }
    return { kind: 'LOADED', jobId, position, counts: { ...NO_COUNTS, read, added: read, rows: this.rows.length } };
  }
}

/** What the commit point records of the pushes. */
export function outcomesOf(pushes: readonly PushInWork[]): JobOutcome[] {
  return pushes.map((push) => push.outcome());
}

/** The rows of the pushes that the commit point let through, in lane order. */
export function rowsOf(pushes: readonly PushInWork[], loaded: readonly LoadedJob[]): Row[] {
  const positions = new Set(loaded.map(({ position }) => position));
  return pushes.flatMap((push) => (positions.has(push.job.position) ? push.rows : []));
}
