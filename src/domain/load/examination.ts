import type { CompiledDesign, RecordUse } from '../design/compiled-design.js';
import type { Converted } from '../design/convert-record.js';
import { Places } from '../job/places.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import { RefusalTally } from '../job/refused-records.js';
import type { JsonObject } from '../json/json-value.js';
import { stringifyJson } from '../json/stringify-json.js';
import { recordIdFromLog } from '../record-id.js';
import type { ExaminedPayload, ExamineTask, GivenRecord } from './examined-payload.js';
import {
  NO_ANSWERS,
  type RowsContext,
  type RowsOrMismatches,
  recordToRows,
  rowsOrMismatches,
} from './record-to-rows.js';

/** Takes the records of one payload in their order, and holds each against the sample's structure, converts its values and works out its identity. */
export class Examination {
  readonly #given: GivenRecord[] = [];
  readonly #passedOver: number[] = [];
  readonly #refused: RefusalTally;
  readonly #leftOut: Places | null;
  readonly #context: RowsContext;
  #next = 0;

  constructor(
    private readonly design: CompiledDesign,
    private readonly task: ExamineTask,
  ) {
    this.#refused = new RefusalTally(task.maxReasons);
    this.#leftOut = task.leftOut && Places.fromBits(task.leftOut);
    this.#context = { savedAt: task.savedAt, answers: NO_ANSWERS };
  }

  /** The next record. */
  take(record: JsonObject): void {
    const index = this.#next;
    this.#next += 1;
    if (this.#leftOut?.has(index)) {
      this.#passedOver.push(index);
      return;
    }
    const examined = this.#examine(record, index);
    if (examined instanceof RecordMismatches) this.#refused.add(index, examined);
    else this.#given.push(examined);
  }

  result(): ExaminedPayload {
    const refused = this.#refused.toRefused();
    return { recordCount: this.#next, given: this.#given, passedOver: this.#passedOver, refused };
  }

  #useOf(index: number): RecordUse {
    const { use } = this.task;
    return typeof use === 'string' ? use : (use[index] ?? 'REPLACE');
  }

  #examine(given: JsonObject, index: number): GivenRecord | RecordMismatches {
    const { design } = this;
    const use = this.#useOf(index);
    const faults = design.check(given, use);
    if (faults) return faults;
    const record = use === 'DELETE' ? given : design.prune(given);
    const found = use === 'REPLACE' ? this.#rowsOf(record) : valuesOf(design.convert(record));
    if (found instanceof RecordMismatches) return found;
    const identity = design.identify(found.values, record);
    if (identity.fault) return RecordMismatches.of(identity.fault);
    const recordId = identity.recordId ?? recordIdFromLog(this.task.position, index);
    if (use === 'DELETE') return { use, index, recordId };
    if (use === 'UPSERT') return { use, index, recordId, record };
    return { use, index, recordId, rows: found.rows, source: design.hasIdentifier ? stringifyJson(record) : undefined };
  }

  #rowsOf(record: JsonObject): RowsOrMismatches {
    return rowsOrMismatches(recordToRows(this.design, record, this.#context));
  }
}

/** What an upsert or a delete gives is no whole record: it has values to identify it by, and no rows of its own. */
function valuesOf({ values, mismatches }: Converted): RowsOrMismatches {
  return mismatches ?? { values, rows: [] };
}
