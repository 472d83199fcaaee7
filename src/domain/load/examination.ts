import { isSliced, type Sliced } from '../at-once.js';
import type { CompiledDesign, RecordUse } from '../design/compiled-design.js';
import { sizeInMemory } from '../design/size-in-memory.js';
import type { StoredValues } from '../design/stored-value.js';
import type { WorkingRow } from '../design/working-row.js';
import { IndexSet } from '../job/index-set.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import { RefusalTally } from '../job/refused-records.js';
import type { JsonObject } from '../json/json-value.js';
import { parseKeptJson } from '../json/parse-json.js';
import { stringifyJson } from '../json/stringify-json.js';
import type { PlainPayload } from '../plain/plain-payload.js';
import { recordIdFromLog } from '../record-id.js';
import type { Need } from '../transform/answers.js';
import type { RecordContext } from '../transform/step-context.js';
import type { ExaminedPayload, ExamineTask, FittingRecord, ReplaceRecord, UnmadeRecord } from './examined-payload.js';
import type { HeldRows } from './held-rows.js';
import { PlainRecord } from './plain-record.js';
import {
  type RecordRows,
  type RowsOrMismatches,
  rowsOfRecord,
  rowsOfValues,
  rowsOrMismatches,
  rowsWithoutSteps,
} from './record-to-rows.js';

/** What the rows of records must fit into. */
export interface RowBounds {
  /** Why the record store cannot accept a record's rows, the first of which is stored with the record's JSON text; null if it can. */
  readonly check: (rows: readonly StoredValues[], source: string | undefined) => RecordMismatches | null;
  readonly held: HeldRows;
  /** Gets the records with rows first. What it takes is not part of the result. */
  readonly sink?: RecordSink;
}

/** Uses the rows of records as soon as they are made, instead of keeping them. */
export interface RecordSink {
  /** Whether it has taken the record. */
  add(record: ReplaceRecord): boolean;
  /** The records that were added will be examined, and added, again. */
  clear(): void;
}

/** A record that has the structure of the sample. */
interface Given {
  readonly index: number;
  readonly use: RecordUse;
  readonly record: JsonObject;
}

/** A record whose values were read from its bytes. It is hardly ever needed itself, so it is parsed only then. */
class ReadRecord implements Given {
  readonly use = 'REPLACE';

  constructor(
    readonly index: number,
    private readonly bytes: Buffer,
    private readonly start: number,
    private readonly end: number,
  ) {}

  get record(): JsonObject {
    return parseKeptJson(this.bytes.subarray(this.start, this.end)) as JsonObject;
  }
}

/** Examines the records of one payload in order: checks each against the sample's structure, converts its values, and computes its id. */
export class Examination {
  readonly #fitting: FittingRecord[] = [];
  readonly #leftOut: number[] = [];
  readonly #refused: RefusalTally;
  readonly #toLeaveOut: IndexSet | null;
  readonly #context: RecordContext;
  readonly #needs = new Map<string, Need>();
  #heldBytes = 0;
  #next = 0;

  constructor(
    private readonly design: CompiledDesign,
    private readonly task: ExamineTask,
    private readonly bounds: RowBounds,
  ) {
    this.#refused = new RefusalTally(task.maxReasons);
    this.#toLeaveOut = task.leftOut && IndexSet.fromBits(task.leftOut);
    this.#context = { savedAt: task.savedAt, answers: task.answers };
  }

  /** Examines the next record: at once, unless steps must run in slices. The next one must wait for them. */
  take(record: JsonObject): Generator<void> | undefined {
    const given = this.#begin(record);
    if (!given) return undefined;
    if (given.use !== 'REPLACE') this.#end(given, this.#values(given));
    else if (!this.design.runSteps) this.#end(given, rowsWithoutSteps(this.design, given.record));
    else return this.#afterSteps(given, rowsOfRecord(this.design, given.record, this.#context));
    return undefined;
  }

  /** Takes the next record of a job that replaces records, which is plain: it has the structure of the sample, and the record store can accept its row. */
  takePlain(payload: PlainPayload, at: number): void {
    const index = this.#nextIndex();
    if (index !== null) this.#fitting.push(new PlainRecord(this.task.position, index, payload, at));
  }

  /** Takes the next record of a job that replaces records, which has the structure of the sample, and whose values were read from its bytes. As {@link take}. */
  takeValues(values: WorkingRow['values'], bytes: Buffer, start: number, end: number): Generator<void> | undefined {
    const index = this.#nextIndex();
    if (index === null) return undefined;
    const made = rowsOfValues(this.design, { values, arrays: null }, this.#context);
    return this.#afterSteps(new ReadRecord(index, bytes, start, end), made);
  }

  /** Forgets what was examined, so that there is room for it again. */
  discard(): void {
    this.bounds.held.giveBack(this.#heldBytes);
    this.bounds.sink?.clear();
  }

  result(): ExaminedPayload {
    const refused = this.#refused.toRefused();
    const needs = [...this.#needs.values()];
    return { recordCount: this.#next, fitting: this.#fitting, leftOut: this.#leftOut, refused, needs };
  }

  #useOf(index: number): RecordUse {
    const { use } = this.task;
    return typeof use === 'string' ? use : (use[index] ?? 'REPLACE');
  }

  /** Null if the record is left out. */
  #nextIndex(): number | null {
    const index = this.#next;
    this.#next += 1;
    if (!this.#toLeaveOut?.has(index)) return index;
    this.#leftOut.push(index);
    return null;
  }

  /** Null if the record is left out, or does not have the structure of the sample. */
  #begin(sent: JsonObject): Given | null {
    const { design } = this;
    const index = this.#nextIndex();
    if (index === null) return null;
    const use = this.#useOf(index);
    const faults = design.check(sent, use);
    if (faults) {
      this.#refused.add(index, faults);
      return null;
    }
    return { index, use, record: use === 'DELETE' ? sent : design.prune(sent) };
  }

  #end(given: Given, found: RowsOrMismatches): void {
    const examined = found instanceof RecordMismatches ? found : this.#fittingOf(given, found);
    if (examined instanceof RecordMismatches) this.#refused.add(given.index, examined);
    else if (examined) this.#fitting.push(examined);
  }

  /** Null if the sink has taken the record. */
  #fittingOf(
    given: Given,
    found: Exclude<RowsOrMismatches, RecordMismatches>,
  ): FittingRecord | RecordMismatches | null {
    const { index, use } = given;
    const identity = this.design.hasIdentifier ? this.design.identify(found.values, given.record) : null;
    if (identity?.fault) return RecordMismatches.of(identity.fault);
    const recordId = identity?.recordId ?? recordIdFromLog(this.task.position, index);
    if (use === 'DELETE') return { use, index, recordId };
    if (use === 'UPSERT') return { use, index, recordId, record: given.record };
    return this.#replacing(given, recordId, found);
  }

  #replacing(
    given: Given,
    recordId: string,
    { rows, isUnplaced }: Exclude<RowsOrMismatches, RecordMismatches>,
  ): ReplaceRecord | UnmadeRecord | RecordMismatches | null {
    const { design, bounds } = this;
    const { index } = given;
    const source = design.hasIdentifier ? stringifyJson(given.record) : undefined;
    const tooLarge = bounds.check(rows, source);
    if (tooLarge) return tooLarge;
    const whole: ReplaceRecord = { use: 'REPLACE', index, recordId, rows, source };
    const replacing: ReplaceRecord = isUnplaced ? { isUnplaced, ...whole } : whole;
    if (bounds.sink?.add(replacing)) return null;
    // Without steps, the rows are no larger than the record.
    const size = design.runSteps ? sizeInMemory(rows) : 0;
    if (bounds.held.keep(size)) {
      this.#heldBytes += size;
      return replacing;
    }
    return { ...replacing, rows: null, rowCount: rows.length, size, record: given.record };
  }

  /** For upserts and deletes, which are not complete records: the values that identify the record, and no rows. */
  #values({ record }: Given): RowsOrMismatches {
    const { values, mismatches } = this.design.convert(record);
    return mismatches ?? { values, rows: [], isUnplaced: false };
  }

  #afterSteps(given: Given, made: Sliced<RecordRows>): Generator<void> | undefined {
    if (isSliced(made)) return this.#afterSlices(given, made);
    if (made.kind !== 'NEEDS') this.#end(given, rowsOrMismatches(made));
    else for (const need of made.needs) this.#needs.set(need.key, need);
    return undefined;
  }

  *#afterSlices(given: Given, making: Generator<void, RecordRows>): Generator<void> {
    this.#afterSteps(given, yield* making);
  }
}
