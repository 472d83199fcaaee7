import { ErrorReport } from './error-report.js';
import { type JobErrors, type Mismatch, NO_ERRORS } from './job.js';
import type { RecordMismatches } from './record-mismatches.js';

/** The records of a job that do not fit, and why. Plain data. */
export interface RefusedRecords {
  /** Their indexes in the job, ascending. */
  readonly indexes: readonly number[];
  /** The reasons by record index, at most 10 each, for a limited number of records. */
  readonly reasons: ReadonlyMap<number, readonly Mismatch[]>;
  /** The number of all mismatches. */
  readonly errorCount: number;
  readonly errors: JobErrors;
}

export const NONE_REFUSED: RefusedRecords = { indexes: [], reasons: new Map(), errorCount: 0, errors: NO_ERRORS };

/** Collects the refused records of a job, in addition to `earlier` ones. Add each record once. Keeps the reasons of the first `maxReasons` records. */
export class RefusalTally {
  readonly #indexes: number[];
  readonly #reasons: Map<number, readonly Mismatch[]>;
  readonly #report: ErrorReport;
  /** The highest index whose reasons are kept; -1 if there is none. */
  #highest: number;

  constructor(
    private readonly maxReasons: number,
    earlier = NONE_REFUSED,
  ) {
    this.#indexes = [...earlier.indexes];
    this.#reasons = new Map(earlier.reasons);
    this.#highest = highestOf(this.#reasons);
    this.#report = ErrorReport.after(earlier.errors, earlier.errorCount);
  }

  get count(): number {
    return this.#indexes.length;
  }

  add(index: number, mismatches: RecordMismatches): void {
    this.#indexes.push(index);
    this.#keepReasons(index, mismatches.kept);
    this.#report.add(index, mismatches);
  }

  /** Keeps the reasons of the lowest indexes, which quarantine takes first. A later phase may refuse a record with a lower index than those kept so far. */
  #keepReasons(index: number, reasons: readonly Mismatch[]): void {
    const isFull = this.#reasons.size >= this.maxReasons;
    if (isFull && index > this.#highest) return;
    this.#reasons.set(index, reasons);
    if (isFull) this.#reasons.delete(this.#highest);
    this.#highest = isFull ? highestOf(this.#reasons) : Math.max(this.#highest, index);
  }

  toRefused(): RefusedRecords {
    if (this.#indexes.length === 0) return NONE_REFUSED;
    const indexes = this.#indexes.sort((a, b) => a - b);
    return { indexes, reasons: this.#reasons, errorCount: this.#report.errorCount, errors: this.#report.toErrors() };
  }
}

function highestOf(reasons: ReadonlyMap<number, unknown>): number {
  let highest = -1;
  for (const index of reasons.keys()) highest = Math.max(highest, index);
  return highest;
}
