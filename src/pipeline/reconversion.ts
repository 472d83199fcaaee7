import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { StoredValues } from '../domain/design/stored-value.js';
import { ErrorReport } from '../domain/job/error-report.js';
import { countsOfRefused, type JobOutcome, type LaneJob, NO_COUNTS, NO_FAULTS } from '../domain/job/job.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import { loadedWhole } from '../domain/job/whole-job.js';
import { stringifyJson } from '../domain/json/stringify-json.js';
import { NO_ANSWERS, recordToRows, rowsOrMismatches } from '../domain/load/record-to-rows.js';
import { positionOf, recordIdFromLog, recordIdOf, rowId, versionOf } from '../domain/record-id.js';
import type { StoredRow } from '../ports/record-store.js';
import { EventLoopTurns } from './event-loop-turns.js';
import type { GroupRun } from './group-run.js';
import type { LiveRecord } from './live-records.js';
import { mismatchOfRefusal, rowTooLarge } from './row-mismatch.js';
import { rowsAndTombstones } from './rows-of-record.js';

/** Where fitting records are written. ROWS: their rows. IDS: only their ids, which show the records that become the same. */
export interface ReconversionTarget {
  readonly generation: string;
  readonly content: 'ROWS' | 'IDS';
}

/** A stored record as the other design converts it. */
interface Reconverted {
  readonly index: number;
  readonly recordId: string;
  readonly version: number;
  readonly savedAt: Date;
  readonly rows: readonly StoredValues[];
  readonly source: string | undefined;
}

const NO_VALUES: readonly StoredValues[] = [{}];

/** Converts stored records to another design, writes them into another generation if there is a target, and counts records and mismatches. */
export class Reconversion {
  readonly #turns = new EventLoopTurns();
  readonly #report = new ErrorReport();
  #read = 0;
  #rows = 0;
  #updated = 0;
  #mismatchedRecords = 0;

  constructor(
    private readonly run: GroupRun,
    private readonly job: LaneJob,
    private readonly to: CompiledDesign,
    private readonly target: ReconversionTarget | null,
    /** Whether both designs identify records alike: then distinct records stay distinct and keep their ids. */
    private readonly sameIdentity: boolean,
  ) {}

  /** Converts a page of records. After the first mismatch no more rows are written, because one mismatch refuses the reload. */
  async take(page: readonly LiveRecord[]): Promise<void> {
    const records: Reconverted[] = [];
    await this.#turns.each(page, (live) => {
      const reconverted = this.#reconvert(live, this.#read);
      if (reconverted instanceof RecordMismatches) this.#refuse(live.row.recordId, reconverted, this.#read);
      else records.push(reconverted);
      this.#read += 1;
    });
    if (this.target === null || records.length === 0) return;
    const { generation, content } = this.target;
    if (content === 'ROWS' && this.#mismatchedRecords > 0) return;
    await this.#write(generation, content, records);
  }

  /** How many records it has converted or refused so far. */
  get read(): number {
    return this.#read;
  }

  /** The outcome of a trial. It is never REFUSED, because a trial changes nothing. */
  trialOutcome(): JobOutcome {
    const [failed, updated] = [this.#mismatchedRecords, this.#updated];
    const counts = { ...NO_COUNTS, read: this.#read, failed, updated, unchanged: this.#read - failed - updated };
    return { kind: 'LOADED', counts, ...this.#withoutRows() };
  }

  /** The outcome of a reload: REFUSED if any record did not fit. */
  outcome(): JobOutcome {
    if (this.#mismatchedRecords > 0) {
      return { kind: 'REFUSED', counts: countsOfRefused(this.#read), ...this.#withoutRows() };
    }
    const [read, updated, rows] = [this.#read, this.#updated, this.#rows];
    return loadedWhole(
      this.job,
      { ...NO_COUNTS, read, added: read - updated, updated, rows },
      rows - this.run.held.lease.rows,
    );
  }

  /** The common part of outcomes that do not change the dataset's rows: no net rows, and the errors found. */
  #withoutRows(): Omit<JobOutcome, 'kind' | 'counts'> {
    const { id: jobId, position } = this.job;
    const { errorCount } = this.#report;
    const faults = { ...NO_FAULTS, errorCount, mismatchedRecords: this.#mismatchedRecords };
    return { jobId, position, netRows: 0, skipped: null, faults, errors: this.#report.toErrors() };
  }

  #reconvert({ row, record }: LiveRecord, index: number): Reconverted | RecordMismatches {
    const { version, savedAt } = row;
    const found = rowsOrMismatches(recordToRows(this.to, record, { savedAt, answers: NO_ANSWERS }));
    if (found instanceof RecordMismatches) return found;
    const { recordId, fault } = this.sameIdentity
      ? { recordId: row.recordId, fault: null }
      : this.to.identify(found.values, record);
    if (fault) return RecordMismatches.of(fault);
    const source = this.#needsSource(row.source) ? (row.source ?? stringifyJson(record)) : undefined;
    const tooLarge = rowTooLarge(
      found.rows,
      source === undefined ? undefined : { text: source },
      this.run.deps.records,
    );
    if (tooLarge) return tooLarge;
    const id = recordId ?? recordIdFromLog(this.job.position, index);
    return { index, recordId: id, version, savedAt, rows: found.rows, source };
  }

  /** Without identifiers, a row needs its source only if the push log does not have the record in this form: after a merge, or under another id. */
  #needsSource(source: string | undefined): boolean {
    return this.to.hasIdentifier || !this.sameIdentity || source !== undefined;
  }

  #refuse(recordId: string, mismatches: RecordMismatches, recordIndex: number): void {
    this.#mismatchedRecords += 1;
    this.#report.add(recordIndex, mismatches, ({ message }) => `record ${recordId}: ${message}`);
  }

  async #write(generation: string, content: ReconversionTarget['content'], records: readonly Reconverted[]) {
    const { run, sameIdentity } = this;
    const stored = sameIdentity ? NOTHING : await this.#stored(records, generation);
    const winners = sameIdentity ? records : this.#winners(records, stored);
    const writes = winners.flatMap(({ recordId, rows, source, ...record }) => {
      const storedRows = stored.get(recordId)?.rowCount ?? 0;
      this.#rows += rows.length - storedRows;
      const written = content === 'ROWS' ? { rows, source } : { rows: NO_VALUES, source: undefined };
      return [...rowsAndTombstones({ ...record, recordId, ...written }, storedRows)];
    });
    const rejected = await run.storeStep((store) => store.writeRows(generation, writes, run.held.stillOwned));
    const refused = new Map(rejected.map(({ id, reason }) => [recordIdOf(id), reason]));
    for (const [recordId, reason] of refused) {
      const index = winners.find((record) => record.recordId === recordId)?.index ?? 0;
      this.#refuse(recordId, RecordMismatches.of(mismatchOfRefusal(reason)), index);
    }
  }

  async #stored(records: readonly Reconverted[], generation: string): Promise<ReadonlyMap<string, StoredRow>> {
    const ids = [...new Set(records.map(({ recordId }) => rowId(recordId, 0)))];
    const stored = await this.run.storeStep((store) => store.readRows(generation, ids));
    return new Map(stored.map((row) => [recordIdOf(row.id), row]));
  }

  /**
   * If records become the same, the one that was written last wins, and keeps its `savedAt`. Records of one push have the same version, so a later page uses the next
   * version to overwrite an earlier one. Within a page only the last record is written. So one push needs at most one version per page, and the versions between two jobs
   * suffice.
   */
  #winners(records: readonly Reconverted[], stored: ReadonlyMap<string, StoredRow>): readonly Reconverted[] {
    const winners = new Map<string, Reconverted>();
    for (const record of records) {
      const written = stored.get(record.recordId)?.version ?? 0;
      const before = winners.get(record.recordId)?.version ?? written;
      const position = positionOf(record.version);
      if (before > 0) this.#updated += 1;
      if (positionOf(before) > position) continue;
      winners.set(record.recordId, { ...record, version: Math.max(versionOf(position), written + 1) });
    }
    return [...winners.values()];
  }
}

const NOTHING: ReadonlyMap<string, StoredRow> = new Map();
