import type { RecordUse } from '../domain/design/compiled-design.js';
import type { MismatchPolicy } from '../domain/design/design.js';
import type { StoredValues } from '../domain/design/stored-value.js';
import { ErrorReport } from '../domain/job/error-report.js';
import {
  countsOfRefused,
  type JobOutcome,
  type LeftInQuarantine,
  type Mismatch,
  NO_COUNTS,
  NO_ERRORS,
  type WaitingJob,
} from '../domain/job/job.js';
import { Places } from '../domain/job/places.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import type { JsonObject } from '../domain/json/json-value.js';
import { stringifyJson } from '../domain/json/stringify-json.js';
import type { QuarantinedRecord } from '../ports/quarantine.js';

/** A record that passed every check that needs nothing stored. */
export interface GivenRecord {
  readonly index: number;
  readonly use: RecordUse;
  readonly recordId: string;
  readonly record: JsonObject;
  readonly values: StoredValues;
  /** Of a replay: the record's own place in the lane, after which nobody may have written its identifier. */
  readonly position: number;
}

/** What became of a given record. */
export type Effect = 'added' | 'updated' | 'unchanged' | 'deleted';

const NO_REASONS: readonly Mismatch[] = [];
/** More records that are too large for the quarantine do not fit into one payload. */
const SPARE_REASONS = 100;

/** One job on its way through the phases, which fill it step by step. */
export class JobInWork {
  readonly given: GivenRecord[] = [];
  /** With what is kept of their reasons where they go to quarantine, or stay there. */
  readonly #refused = new Map<number, readonly Mismatch[]>();
  readonly #passedOver = new Set<number>();
  readonly #superseded = new Set<number>();
  readonly #tally = { added: 0, updated: 0, unchanged: 0, deleted: 0 };
  #rows = 0;
  #netRows = 0;
  #report: ErrorReport | undefined;
  #quarantined = 0;
  #refusedWhole = false;

  constructor(
    readonly job: WaitingJob,
    readonly records: readonly JsonObject[],
    private readonly policy: MismatchPolicy,
    /** How many records the dataset may have in quarantine. */
    private readonly maxQuarantineRecords: number,
  ) {}

  /** Under FAIL one record at fault refuses the whole push, and always the whole delete; otherwise it takes all records that are left. */
  get refused(): boolean {
    if (this.#refusedWhole) return true;
    if (this.#refused.size === 0) return false;
    return this.#isWhole || this.#refused.size === this.records.length - this.#passedOver.size;
  }

  get #isWhole(): boolean {
    return this.job.kind === 'DELETE' || (this.job.kind === 'PUSH' && this.policy === 'FAIL');
  }

  /** Refuses the job for what is no fault of a single record. */
  refuse(fault: Mismatch): void {
    this.#refusedWhole = true;
    this.#report ??= new ErrorReport();
    this.#report.add(null, RecordMismatches.of(fault));
  }

  refuseRecord(index: number, mismatches: RecordMismatches): void {
    this.#refused.set(index, this.#needsReasons ? mismatches.kept : NO_REASONS);
    this.#report ??= new ErrorReport();
    this.#report.add(index, mismatches);
  }

  /** A payload may hold millions of records: reasons are kept of no more than can go to quarantine, those included that are too large for it. */
  get #needsReasons(): boolean {
    if (this.job.replayOf) return true;
    return this.#quarantines && this.#refused.size < this.maxQuarantineRecords + SPARE_REASONS;
  }

  /** A record that is nothing of this job's any longer: it is not applied and counts as unchanged. */
  passOver(index: number): void {
    this.#passedOver.add(index);
  }

  /** A replayed record whose identifier a later job has written: it is not applied, stays in quarantine and counts as unchanged. */
  supersede(index: number): void {
    this.#superseded.add(index);
  }

  /** Counts one record's effect; `rows` are those it gave, `netRows` by how many the dataset grows. */
  count(effect: Effect, rows: number, netRows: number): void {
    this.#tally[effect] += 1;
    this.#rows += rows;
    this.#netRows += netRows;
  }

  get mayQuarantine(): boolean {
    return this.#quarantines && this.#refused.size > 0;
  }

  get #quarantines(): boolean {
    return this.policy === 'QUARANTINE' && this.job.kind === 'PUSH';
  }

  /** The refused records that go to quarantine, as many as there is room for and none too large: what a replay refuses is there already. */
  toQuarantine(room: number, maxRecordBytes: number, quarantinedAt: Date): QuarantinedRecord[] {
    const { id: jobId, datasetId, position, method } = this.job;
    const kept: QuarantinedRecord[] = [];
    for (const [recordIndex, errors] of this.#refused) {
      if (kept.length >= room) break;
      const record = stringifyJson(this.records[recordIndex]);
      if (Buffer.byteLength(record) > maxRecordBytes) continue;
      const place = { id: `${jobId}:${recordIndex}`, datasetId, jobId, position, recordIndex };
      kept.push({ ...place, method, record, errors, quarantinedAt, superseded: false });
    }
    this.#quarantined = kept.length;
    return kept;
  }

  /** The quarantine's ids of the records that this replay loads. */
  released(): string[] {
    if (this.refused) return [];
    const left = [this.#refused, this.#passedOver, this.#superseded];
    return (this.job.replayOf ?? []).flatMap(({ id }, index) => (left.some((places) => places.has(index)) ? [] : [id]));
  }

  /** What the commit point records of it. */
  outcome(): JobOutcome {
    const { id: jobId, position } = this.job;
    const read = this.records.length;
    const mismatchedRecords = this.#refused.size;
    const quarantineCut = this.mayQuarantine ? mismatchedRecords - this.#quarantined : 0;
    const errorCount = this.#report?.errorCount ?? 0;
    const faults = { errorCount, mismatchedRecords, quarantined: this.#quarantined, quarantineCut };
    const common = { jobId, position, errors: this.#report?.toErrors() ?? NO_ERRORS, faults, left: this.#left() };
    if (this.refused) return { kind: 'REFUSED', counts: countsOfRefused(read), netRows: 0, skipped: null, ...common };
    const unchanged = this.#tally.unchanged + this.#passedOver.size + this.#superseded.size;
    const counts = { ...NO_COUNTS, ...this.#tally, read, unchanged, failed: mismatchedRecords, rows: this.#rows };
    const skipped = Places.of([...this.#refused.keys(), ...this.#passedOver, ...this.#superseded]);
    return { kind: 'LOADED', counts, netRows: this.#netRows, skipped, ...common };
  }

  /** What a replay leaves in quarantine: what it refused, for its own reasons, and what is superseded. */
  #left(): LeftInQuarantine[] {
    return (this.job.replayOf ?? []).flatMap(({ id }, index) => {
      const superseded = this.#superseded.has(index);
      const errors = this.#refused.get(index);
      return errors || superseded ? [{ id, errors: errors ?? [], superseded }] : [];
    });
  }
}
