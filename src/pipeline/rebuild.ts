import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { StoredValues } from '../domain/design/stored-value.js';
import { ErrorReport } from '../domain/job/error-report.js';
import { countsOfRefused, type JobOutcome, NO_COUNTS, NO_FAULTS, type WaitingJob } from '../domain/job/job.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import { loadedWhole } from '../domain/job/whole-job.js';
import { stringifyJson } from '../domain/json/stringify-json.js';
import { positionOf, recordIdFromLog, recordIdOf, rowId, versionOf } from '../domain/record-id.js';
import type { Row } from '../ports/record-store.js';
import { eventLoopTurns } from './event-loop-turns.js';
import type { GroupRun } from './group-run.js';
import type { LiveRecord } from './live-records.js';
import { bytesOfRow, mismatchOfRefusal, mismatchOfSize } from './row-mismatch.js';

/** Where records go that fit: rows to be read one day, or ids alone, which show what becomes the same. */
export interface RebuildTarget {
  readonly generation: string;
  readonly content: 'ROWS' | 'IDS';
}

/** Takes records under another design, into another generation where there is one, and keeps count of them and of those that do not fit. */
export class Rebuild {
  readonly #turns = eventLoopTurns();
  readonly #report = new ErrorReport();
  #read = 0;
  #updated = 0;
  #mismatchedRecords = 0;

  constructor(
    private readonly run: GroupRun,
    private readonly job: WaitingJob,
    private readonly to: CompiledDesign,
    private readonly target: RebuildTarget | null,
    /** Records that were distinct stay so, and keep their ids. */
    private readonly sameIdentity: boolean,
  ) {}

  /** Writes a page of records. Rows are written as long as all fit, since a reload is refused by the first that does not. */
  async take(page: readonly LiveRecord[]): Promise<void> {
    const rows: Row[] = [];
    const indexes: number[] = [];
    for (const live of page) {
      const row = this.#rowOf(live);
      if (row) {
        rows.push(row);
        indexes.push(this.#read);
      }
      this.#read += 1;
      await this.#turns.giveWay();
    }
    if (this.target === null || rows.length === 0) return;
    const { generation, content } = this.target;
    if (content === 'ROWS' && this.#mismatchedRecords > 0) return;
    const winners = this.sameIdentity ? rows : await this.#winners(rows, generation);
    const written =
      content === 'ROWS' ? winners : winners.map(({ source: _source, ...row }) => ({ ...row, values: {} }));
    const { stillOwned } = this.run.held;
    const rejected = await this.run.storeStep((store) => store.writeRows(generation, written, stillOwned));
    for (const { id, reason } of rejected) {
      // Of records that became the same the last one.
      const index = indexes[rows.findLastIndex((row) => row.id === id)] ?? 0;
      this.#refuse(recordIdOf(id), RecordMismatches.of(mismatchOfRefusal(reason)), index);
    }
  }

  /** How many records it has taken. */
  get read(): number {
    return this.#read;
  }

  /** Of a trial, which changes nothing and so cannot be refused. */
  trialOutcome(): JobOutcome {
    const [failed, updated] = [this.#mismatchedRecords, this.#updated];
    const counts = { ...NO_COUNTS, read: this.#read, failed, updated, unchanged: this.#read - failed - updated };
    return { kind: 'LOADED', counts, ...this.#withoutRows() };
  }

  outcome(): JobOutcome {
    if (this.#mismatchedRecords > 0) {
      return { kind: 'REFUSED', counts: countsOfRefused(this.#read), ...this.#withoutRows() };
    }
    const added = this.#read - this.#updated;
    const counts = { ...NO_COUNTS, read: this.#read, added, updated: this.#updated, rows: added };
    return loadedWhole(this.job, counts, added - this.run.held.lease.rows);
  }

  /** The rest of an outcome that leaves the dataset's rows as they are, with what did not fit. */
  #withoutRows(): Omit<JobOutcome, 'kind' | 'counts'> {
    const { id: jobId, position } = this.job;
    const { errorCount } = this.#report;
    const faults = { ...NO_FAULTS, errorCount, mismatchedRecords: this.#mismatchedRecords };
    return { jobId, position, netRows: 0, skipped: null, faults, errors: this.#report.toErrors() };
  }

  #rowOf({ row, record }: LiveRecord): Row | null {
    const { values, mismatches } = this.to.convert(record);
    const { recordId, fault } = this.sameIdentity
      ? { recordId: row.recordId, fault: null }
      : this.to.identify(values, record);
    const source = this.#sourceOf(row, () => stringifyJson(record));
    const faults = mismatches ?? (fault && RecordMismatches.of(fault)) ?? this.#tooLarge({ values, source });
    if (faults) {
      this.#refuse(row.recordId, faults, this.#read);
      return null;
    }
    const id = recordId ?? recordIdFromLog(this.job.position, this.#read);
    const { version, savedAt } = row;
    const place = { id: rowId(id, 0), recordId: id, ordinal: 0, rowCount: 1 };
    return { ...place, version, savedAt, values, ...(source !== undefined && { source }) };
  }

  /** Also without identifiers where the record is in the push log no longer as it is: after a merge, or under an id it did not have there. */
  #sourceOf({ source }: Row, fromRecord: () => string): string | undefined {
    const isNeeded = this.to.hasIdentifier || !this.sameIdentity || source !== undefined;
    return isNeeded ? (source ?? fromRecord()) : undefined;
  }

  #tooLarge(row: { readonly values: StoredValues; readonly source: string | undefined }): RecordMismatches | null {
    const { records } = this.run.deps;
    const { maxRowBytes } = records.limits;
    const bytes = bytesOfRow(row, records);
    return bytes > maxRowBytes ? RecordMismatches.of(mismatchOfSize(bytes, maxRowBytes)) : null;
  }

  #refuse(recordId: string, mismatches: RecordMismatches, recordIndex: number): void {
    this.#mismatchedRecords += 1;
    this.#report.add(recordIndex, mismatches, ({ message }) => `record ${recordId}: ${message}`);
  }

  /**
   * Of records that become the same the one written last stays, with the time it was saved at. Records of one push have the same version: a later page takes
   * a version of its own, and only the last of a page is written, so that the versions between two jobs last for any push.
   */
  async #winners(rows: readonly Row[], generation: string): Promise<readonly Row[]> {
    const ids = [...new Set(rows.map(({ id }) => id))];
    const stored = await this.run.storeStep((store) => store.readRows(generation, ids));
    const versions = new Map(stored.map(({ id, version }) => [id, version]));
    const winners = new Map<string, Row>();
    for (const row of rows) {
      const written = versions.get(row.id) ?? 0;
      const before = winners.get(row.id)?.version ?? written;
      const position = positionOf(row.version);
      if (before > 0) this.#updated += 1;
      if (positionOf(before) > position) continue;
      winners.set(row.id, { ...row, version: Math.max(versionOf(position), written + 1) });
    }
    return [...winners.values()];
  }
}
