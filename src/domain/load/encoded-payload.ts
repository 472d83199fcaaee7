import { EncodedRecord } from './encoded-record.js';
import type { ExaminedPayload, FittingRecord, ReplaceRecord } from './examined-payload.js';

/** An examined payload whose records are numbers and bytes, so that they pass from one thread to another without a copy of each. */
export interface EncodedPayload extends Omit<ExaminedPayload, 'fitting'> {
  /** Three numbers for each encoded record; see {@link numbersOf}. */
  readonly records: Int32Array<ArrayBuffer>;
  /** The rows one after the other, in memory of their own. */
  readonly rows: Uint8Array<ArrayBuffer>;
  /** Where each row ends. */
  readonly ends: Int32Array<ArrayBuffer>;
}

const NUMBERS_OF_RECORD = 3;
const RECORDS_OF_SLICE = 4_096;

/** A record without its rows: its index, how many rows it has, and whether an address of it is nowhere to be found. */
export function numbersOf({ index, rows, isUnplaced }: ReplaceRecord): [number, number, number] {
  return [index, rows.length, isUnplaced ? 1 : 0];
}

/** An examined payload whose first fitting records are encoded. */
export interface EncodedExamination extends ExaminedPayload {
  /** How many bytes of memory their rows take. */
  readonly rowBytes: number;
}

/** The examination of the job at this position of the lane, in slices. `others`: records that follow the encoded ones. */
export function* examinationOf(
  position: number,
  { records, rows, ends, ...examined }: EncodedPayload,
  others: readonly FittingRecord[] = [],
): Generator<void, EncodedExamination> {
  const encoded = { bytes: Buffer.from(rows.buffer, rows.byteOffset, rows.length), ends };
  const fitting: FittingRecord[] = [];
  let first = 0;
  for (let at = 0; at < records.length; at += NUMBERS_OF_RECORD) {
    const [index = 0, rowCount = 0, isUnplaced] = [records[at], records[at + 1], records[at + 2]];
    fitting.push(new EncodedRecord(position, index, encoded, first, rowCount, isUnplaced === 1));
    first += Math.max(1, rowCount);
    if (fitting.length % RECORDS_OF_SLICE === 0) yield;
  }
  return {
    ...examined,
    fitting: others.length > 0 ? [...fitting, ...others] : fitting,
    rowBytes: rows.buffer.byteLength,
  };
}
