import type { ErrorSummaryEntry, JobError, JobErrors, Mismatch, SummaryCode } from './job.js';
import { kindKey, type MismatchKind, type RecordMismatches } from './record-mismatches.js';

/** A job keeps the errors of at most this many records: those with the lowest indexes. */
const MAX_RECORDS_WITH_KEPT_ERRORS = 100;
/** A summary names at most this many kinds of reasons, and counts all others in one entry. */
const MAX_SUMMARY_ENTRIES = 1_000;
const MAX_FIRST_INDEXES = 10;
/** With this limit, a summary of the longest texts stays below 7 MB as UTF-8. */
const MAX_ERROR_TEXT = 1_000;

interface Entry extends ErrorSummaryEntry {
  records: number;
  readonly firstIndexes: number[];
}

interface RecordErrors {
  readonly recordIndex: number | null;
  readonly errors: JobError[];
}

/** Counts why the records of a job were refused. Add each record once. Memory is bounded for any number of records and reasons. */
export class ErrorReport {
  readonly #entries = new Map<string, Entry>();
  readonly #records: RecordErrors[] = [];
  #others: Entry | undefined;
  #errorCount = 0;

  /** Starts from the result of another report, about other records of the same job. */
  static after(errors: JobErrors, errorCount: number): ErrorReport {
    const report = new ErrorReport();
    report.#errorCount = errorCount;
    for (const one of errors.summary) {
      const entry = { ...one, firstIndexes: [...one.firstIndexes] };
      if (one.code === 'OTHERS') report.#others = entry;
      else report.#entries.set(kindKey(one), entry);
    }
    for (const error of errors.kept) {
      const last = report.#records.at(-1);
      if (last && last.recordIndex === error.recordIndex) last.errors.push(error);
      else report.#records.push({ recordIndex: error.recordIndex, errors: [error] });
    }
    return report;
  }

  /** The number of all mismatches added. */
  get errorCount(): number {
    return this.#errorCount;
  }

  /** `recordIndex` is null if the whole job is at fault. `messageOf` makes the message of a mismatch; by default its own. */
  add(
    recordIndex: number | null,
    mismatches: RecordMismatches,
    messageOf: (mismatch: Mismatch) => string = ({ message }) => message,
  ): void {
    this.#errorCount += mismatches.count;
    let other: MismatchKind | undefined;
    for (const [key, kind] of mismatches.kinds) {
      const shortKey = kind.pointer.length > MAX_ERROR_TEXT ? kindKey({ ...kind, pointer: cut(kind.pointer) }) : key;
      const entry = this.#entries.get(shortKey) ?? this.#newEntry(shortKey, kind, messageOf);
      if (entry) count(entry, recordIndex);
      else other ??= kind;
    }
    if (other) {
      this.#others ??= entryOf(null, 'OTHERS', messageOf(other.first()));
      count(this.#others, recordIndex);
    }
    this.#keep(recordIndex, mismatches, messageOf);
  }

  toErrors(): JobErrors {
    const kept = this.#records.flatMap(({ errors }) => errors);
    return { kept, summary: inOrder(this.#entries, this.#others) };
  }

  #newEntry(key: string, { pointer, code, step, first }: MismatchKind, messageOf: (mismatch: Mismatch) => string) {
    if (this.#entries.size >= MAX_SUMMARY_ENTRIES) return undefined;
    const entry = entryOf(cut(pointer), code, messageOf(first()), step);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Each phase refuses records in record order, but a later phase may refuse a record with a lower index. */
  #keep(recordIndex: number | null, mismatches: RecordMismatches, messageOf: (mismatch: Mismatch) => string): void {
    const isFull = this.#records.length >= MAX_RECORDS_WITH_KEPT_ERRORS;
    const index = recordIndex ?? -1;
    if (isFull && indexOf(this.#records.at(-1)) < index) return;
    const errors = mismatches.kept.map((one) => ({ ...one, recordIndex, message: messageOf(one) }));
    const before = this.#records.findLastIndex((one) => indexOf(one) <= index);
    this.#records.splice(before + 1, 0, { recordIndex, errors });
    if (isFull) this.#records.pop();
  }
}

/**
 * Joins the errors of a job and the errors found later. The result is exact: no record has errors in both, and each record in `later` has one reason, that the store rejected its
 * row.
 */
export function joinErrors(earlier: JobErrors, later: JobErrors): JobErrors {
  const entries = new Map<string, Entry>();
  let others: Entry | undefined;
  for (const one of [...earlier.summary, ...later.summary]) {
    const key = kindKey(one);
    const known = entries.get(key);
    if (one.code !== 'OTHERS' && (known || entries.size < MAX_SUMMARY_ENTRIES)) entries.set(key, sumOf(known, one));
    else others = { ...sumOf(others, one), pointer: null, code: 'OTHERS' };
  }
  const all = [...earlier.kept, ...later.kept].sort((a, b) => indexOf(a) - indexOf(b));
  const seen = new Set<number>();
  const kept = all.filter((error) => seen.add(indexOf(error)).size <= MAX_RECORDS_WITH_KEPT_ERRORS);
  return { kept, summary: inOrder(entries, others) };
}

function entryOf(pointer: string | null, code: SummaryCode, message: string, step?: string): Entry {
  return { pointer, code, ...(step !== undefined && { step }), records: 0, firstIndexes: [], example: cut(message) };
}

function count(entry: Entry, recordIndex: number | null): void {
  if (recordIndex === null) return;
  entry.records += 1;
  const { firstIndexes } = entry;
  const isLowest = recordIndex < (firstIndexes.at(-1) ?? -1);
  if (isLowest) firstIndexes.splice(firstIndexes.findLastIndex((one) => one < recordIndex) + 1, 0, recordIndex);
  else if (firstIndexes.length < MAX_FIRST_INDEXES) firstIndexes.push(recordIndex);
  if (firstIndexes.length > MAX_FIRST_INDEXES) firstIndexes.pop();
}

function sumOf(known: Entry | undefined, more: ErrorSummaryEntry): Entry {
  const indexes = [...(known?.firstIndexes ?? []), ...more.firstIndexes].sort((a, b) => a - b);
  const firstIndexes = indexes.slice(0, MAX_FIRST_INDEXES);
  return { ...(known ?? more), records: (known?.records ?? 0) + more.records, firstIndexes };
}

/** The most frequent kind first. The sort is stable, so equal ones keep the order in which they were found. */
function inOrder(entries: ReadonlyMap<string, Entry>, others: Entry | undefined): ErrorSummaryEntry[] {
  const frequentFirst = [...entries.values()].sort(
    (a, b) => b.records - a.records || (a.firstIndexes[0] ?? 0) - (b.firstIndexes[0] ?? 0),
  );
  return others ? [...frequentFirst, others] : frequentFirst;
}

/** Errors of the whole job come first. */
function indexOf(one: { readonly recordIndex: number | null } | undefined): number {
  return one?.recordIndex ?? -1;
}

function cut(text: string): string {
  return (text.length > MAX_ERROR_TEXT ? `${text.slice(0, MAX_ERROR_TEXT)}...` : text).toWellFormed();
}
