import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { type EncodedPayload, numbersOf } from '../../domain/load/encoded-payload.js';
import type { RecordSink } from '../../domain/load/examination.js';
import type { ExamineTask, FittingRecord, ReplaceRecord } from '../../domain/load/examined-payload.js';
import type { HeldRows } from '../../domain/load/held-rows.js';
import { versionOf } from '../../domain/record-id.js';
import type { RowEncoding } from '../../ports/row-encoding.js';
import type { HiddenRecord, Row } from '../../ports/row-writes.js';
import { rowTooLarge } from '../row-mismatch.js';
import { firstOf, laterRowsOf } from '../rows-of-record.js';
import { examinePayload } from './examine-payload.js';
import type { SentPayload } from './examine-plain.js';

/** How rows are encoded, and what bounds them. */
export interface EncodingBounds {
  readonly encoding: RowEncoding;
  /** See `RecordStoreLimits`. */
  readonly maxRowBytes: number;
  /** The most bytes that all rows of a payload may take. */
  readonly maxBytes: number;
  /** Where other rows are kept. */
  readonly held: HeldRows;
}

/** A payload whose first fitting records are encoded, and those that follow them. */
export interface PartlyEncoded {
  readonly encoded: EncodedPayload;
  readonly others: readonly FittingRecord[];
}

/** Examines a payload of new records that need no outside data. The rows of each are encoded as soon as they are made, until they take too many bytes; those of the records that follow are kept as usual. */
export async function encodePayload(
  push: SentPayload,
  design: CompiledDesign,
  task: ExamineTask,
  { encoding, maxRowBytes, maxBytes, held }: EncodingBounds,
): Promise<PartlyEncoded> {
  const store = { sizeOf: encoding.sizeOf, limits: { maxRowBytes } };
  const check = (rows: ReplaceRecord['rows']) => rowTooLarge(rows, undefined, store);
  const encoder = new Encoder(encoding, task, Math.min(maxBytes, 2 * push.payload.length), maxBytes);
  const { fitting: others, ...examined } = await examinePayload(push, design, task, { held, check, sink: encoder });
  return { encoded: { ...examined, ...encoder.result() }, others };
}

class Encoder implements RecordSink {
  #bytes: Buffer<ArrayBuffer>;
  #end = 0;
  #ends: number[] = [];
  #records: number[] = [];
  #isFull = false;

  constructor(
    private readonly encoding: RowEncoding,
    private readonly task: ExamineTask,
    bytes: number,
    private readonly maxBytes: number,
  ) {
    this.#bytes = Buffer.allocUnsafeSlow(bytes);
  }

  add(record: ReplaceRecord): boolean {
    if (this.#isFull) return false;
    const [end, ends] = [this.#end, this.#ends.length];
    if (this.#writeRows(record)) {
      this.#records.push(...numbersOf(record));
      return true;
    }
    this.#isFull = true;
    this.#end = end;
    this.#ends.length = ends;
    return false;
  }

  clear(): void {
    this.#end = 0;
    this.#ends = [];
    this.#records = [];
    this.#isFull = false;
  }

  result(): Pick<EncodedPayload, 'records' | 'rows' | 'ends'> {
    const records = Int32Array.from(this.#records);
    return { records, rows: this.#bytes.subarray(0, this.#end), ends: Int32Array.from(this.#ends) };
  }

  /** Whether there was room for all of them. */
  #writeRows({ recordId, rows }: ReplaceRecord): boolean {
    const { position, savedAt } = this.task;
    const record = { recordId, version: versionOf(position), savedAt, rows, source: undefined };
    if (!this.#write(firstOf(record))) return false;
    for (const row of laterRowsOf(record, 0)) if (!this.#write(row)) return false;
    return true;
  }

  #write(row: Row | HiddenRecord): boolean {
    const { maxBytes, writeTo } = this.encoding.encode(row);
    if (!this.#makeRoom(this.#end + maxBytes)) return false;
    this.#end = writeTo(this.#bytes, this.#end);
    this.#ends.push(this.#end);
    return true;
  }

  #makeRoom(bytes: number): boolean {
    if (bytes <= this.#bytes.length) return true;
    if (bytes > this.maxBytes) return false;
    const larger = Buffer.allocUnsafeSlow(Math.min(this.maxBytes, Math.max(bytes, 2 * this.#bytes.length)));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
    return true;
  }
}
