import type { CompiledDesign } from '../domain/design/compiled-design.js';
import { sizeInMemory } from '../domain/design/size-in-memory.js';
import { ErrorReport } from '../domain/job/error-report.js';
import { countsOfRefused, type JobOutcome, type LaneJob, NO_COUNTS, NO_FAULTS } from '../domain/job/job.js';
import { RecordMismatches } from '../domain/job/record-mismatches.js';
import { loadedWhole } from '../domain/job/whole-job.js';
import { stringifyJson } from '../domain/json/stringify-json.js';
import { recordToRows, rowsOrMismatches } from '../domain/load/record-to-rows.js';
import { recordIdFromLog, recordIdOf, rowId } from '../domain/record-id.js';
import type { Answers, Need } from '../domain/transform/answers.js';
import { endTurnIfOver, inTurns } from '../event-loop/turns.js';
import type { StoredRow } from '../ports/record-store.js';
import type { AnswersOf, PageAnswers } from './answers/page-answers.js';
import type { GroupRun } from './group-run.js';
import type { LiveRecord } from './live-records.js';
import { SLICE_BYTES } from './phases/stored-sources.js';
import { idOnly, lastWritten, type Reconverted } from './reconverted-records.js';
import { keptText } from './record-text.js';
import { mismatchOfRefusal, rowTooLarge } from './row-mismatch.js';
import { firstOf, hasOthers, othersOf } from './rows-of-record.js';
import { repeatable, writeRecords } from './write-records.js';

/** Where fitting records are written. ROWS: their rows. IDS: only their ids, which show the records that become the same. */
export interface ReconversionTarget {
  readonly generation: string;
  readonly content: 'ROWS' | 'IDS';
}

/** How records are converted. */
export interface ReconversionWay {
  /** Null if nothing is written. */
  readonly target: ReconversionTarget | null;
  readonly answers: PageAnswers;
  /** Whether both designs identify records alike: then distinct records stay distinct and keep their ids. */
  readonly sameIdentity: boolean;
}

/** Converts stored records to another design, writes them into another generation if there is a target, and counts records and mismatches. */
export class Reconversion {
  readonly #report = new ErrorReport();
  #read = 0;
  #rows = 0;
  /** How many records have rows in the other generation. */
  #withRows = 0;
  #updated = 0;
  /** How many records had rows, and give none. */
  #emptied = 0;
  #mismatchedRecords = 0;
  #unplaced = 0;

  constructor(
    private readonly run: GroupRun,
    private readonly job: LaneJob,
    private readonly to: CompiledDesign,
    private readonly way: ReconversionWay,
  ) {}

  /** Converts a page of records. After the first mismatch no more rows are written, because one mismatch refuses the reload. */
  async take(page: readonly LiveRecord[]): Promise<void> {
    let records: Reconverted[] = [];
    let size = 0;
    const { target } = this.way;
    const answersOf = await this.#answersOf(page);
    for (const live of page) {
      const reconverted = await inTurns(this.#reconvert(live, this.#read, answersOf(live.first.id)));
      if (reconverted instanceof RecordMismatches) this.#refuse(live.first.recordId, reconverted, this.#read);
      else if (target) {
        records.push(target.content === 'ROWS' ? reconverted : idOnly(reconverted));
        size += this.to.runSteps ? sizeInMemory(reconverted.rows) : 0;
      }
      this.#read += 1;
      if (size > SLICE_BYTES) {
        await this.#write(records);
        [records, size] = [[], 0];
      }
      await endTurnIfOver();
    }
    await this.#write(records);
  }

  /** How many records it has converted or refused so far. */
  get read(): number {
    return this.#read;
  }

  /** Whether every record is still there on its own, and has rows if it had any. */
  get isSameRecords(): boolean {
    return this.#updated === 0 && this.#emptied === 0;
  }

  /** The outcome of a trial. It is never REFUSED, because a trial changes nothing. */
  trialOutcome(): JobOutcome {
    const [failed, updated] = [this.#mismatchedRecords, this.#updated];
    const counts = {
      ...NO_COUNTS,
      read: this.#read,
      failed,
      updated,
      unchanged: this.#read - failed - updated,
      unplaced: this.#unplaced,
    };
    return { kind: 'LOADED', counts, ...this.#withoutRows() };
  }

  /**
   * The outcome of a reload: REFUSED if any record did not fit. `updated` counts records that became the same as another one, and so no longer exist on their own;
   * `unchanged` those that are held and give no row.
   */
  outcome(): JobOutcome {
    if (this.#mismatchedRecords > 0) {
      return { kind: 'REFUSED', counts: countsOfRefused(this.#read), ...this.#withoutRows() };
    }
    const [read, added, updated, rows] = [this.#read, this.#withRows, this.#updated, this.#rows];
    const counts = {
      ...NO_COUNTS,
      read,
      added,
      updated,
      unchanged: read - added - updated,
      rows,
      unplaced: this.#unplaced,
    };
    return loadedWhole(this.job, counts, rows - this.run.held.lease.rows);
  }

  /** The common part of outcomes that do not change the dataset's rows: no net rows, and the errors found. */
  #withoutRows(): Omit<JobOutcome, 'kind' | 'counts'> {
    const { id: jobId, position } = this.job;
    const { errorCount } = this.#report;
    const faults = { ...NO_FAULTS, errorCount, mismatchedRecords: this.#mismatchedRecords };
    return { jobId, position, netRows: 0, skipped: null, faults, errors: this.#report.toErrors() };
  }

  /** Gets the outside data of a page's records. */
  #answersOf(page: readonly LiveRecord[]): Promise<AnswersOf> {
    let waiting = page;
    return this.way.answers.ofPage(
      page.map(({ first }) => first.id),
      async (answersOf) => {
        const needs: Need[] = [];
        const stillWaiting: LiveRecord[] = [];
        for (const live of waiting) {
          const { id, savedAt } = live.first;
          const made = recordToRows(this.to, live.record, { savedAt, answers: answersOf(id) });
          const result = await inTurns(made);
          if (result.kind !== 'NEEDS') continue;
          needs.push(...result.needs);
          stillWaiting.push(live);
        }
        waiting = stillWaiting;
        return needs;
      },
    );
  }

  *#reconvert(
    { first, record }: LiveRecord,
    index: number,
    answers: Answers,
  ): Generator<void, Reconverted | RecordMismatches> {
    const { version, savedAt } = first;
    const { sameIdentity } = this.way;
    const found = rowsOrMismatches(yield* recordToRows(this.to, record, { savedAt, answers }));
    if (found instanceof RecordMismatches) return found;
    const { recordId, fault } = sameIdentity
      ? { recordId: first.recordId, fault: null }
      : this.to.identify(found.values, record);
    if (fault) return RecordMismatches.of(fault);
    const source = this.#needsSource(first.source) ? (first.source ?? stringifyJson(record)) : undefined;
    const tooLarge = rowTooLarge(found.rows, keptText(source), this.run.deps.records);
    if (tooLarge) return tooLarge;
    const id = recordId ?? recordIdFromLog(this.job.position, index);
    if (found.rows.length === 0 && !('hidden' in first)) this.#emptied += 1;
    if (found.isUnplaced) this.#unplaced += 1;
    return { index, recordId: id, version, savedAt, rows: found.rows, source };
  }

  /** Without identifiers, a row needs its source only if the push log does not have the record in this form: after a merge, or under another id. */
  #needsSource(source: string | undefined): boolean {
    return this.to.hasIdentifier || !this.way.sameIdentity || source !== undefined;
  }

  #refuse(recordId: string, mismatches: RecordMismatches, recordIndex: number): void {
    this.#mismatchedRecords += 1;
    this.#report.add(recordIndex, mismatches, ({ message }) => `record ${recordId}: ${message}`);
  }

  async #write(records: readonly Reconverted[]): Promise<void> {
    const { run } = this;
    const { sameIdentity, target } = this.way;
    if (target === null || records.length === 0) return;
    const { generation, content } = target;
    if (content === 'ROWS' && this.#mismatchedRecords > 0) return;
    const stored = sameIdentity ? NOTHING : await this.#stored(records, generation);
    const winners = sameIdentity ? records : this.#winners(records, stored);
    const storedRowsOf = ({ recordId }: Reconverted) => stored.get(recordId)?.rowCount ?? 0;
    for (const record of winners) {
      const storedRows = storedRowsOf(record);
      this.#rows += record.rows.length - storedRows;
      this.#withRows += Math.sign(record.rows.length) - Math.sign(storedRows);
    }
    const isWide = winners.some((record) => hasOthers(record.rows.length, storedRowsOf(record)));
    const othersOfAll = repeatable(function* () {
      for (const record of winners) yield* othersOf(record, storedRowsOf(record));
    });
    const rejected = await writeRecords(run, generation, {
      others: isWide ? othersOfAll : null,
      firsts: repeatable(function* () {
        for (const record of winners) yield firstOf(record);
      }),
    });
    const refused = new Map(rejected.map(({ id, reason }) => [recordIdOf(id), reason]));
    for (const [recordId, reason] of refused) {
      const index = winners.find((record) => record.recordId === recordId)?.index ?? 0;
      this.#refuse(recordId, RecordMismatches.of(mismatchOfRefusal(reason, this.to)), index);
    }
  }

  async #stored(records: readonly Reconverted[], generation: string): Promise<ReadonlyMap<string, StoredRow>> {
    const ids = [...new Set(records.map(({ recordId }) => rowId(recordId, 0)))];
    const stored = await this.run.storeStep((store) => store.readRows(generation, ids));
    return new Map(stored.map((row) => [recordIdOf(row.id), row]));
  }

  #winners(records: readonly Reconverted[], stored: ReadonlyMap<string, StoredRow>): readonly Reconverted[] {
    const { winners, others } = lastWritten(records, stored);
    this.#updated += others;
    return winners;
  }
}

const NOTHING: ReadonlyMap<string, StoredRow> = new Map();
