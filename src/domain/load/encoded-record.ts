import { recordIdFromLog } from '../record-id.js';

/** What a record store is sent for the records of one payload, one after the other: the rows of each, or what hides a record without rows. */
export interface EncodedRows {
  readonly bytes: Buffer;
  /** Where each of them ends. */
  readonly ends: Int32Array;
}

/** A new record of a design without identifiers, whose rows were encoded for the record store as soon as they were made. */
export class EncodedRecord {
  readonly use = 'REPLACE';
  /** As in `FittingRecord`. */
  declare readonly isUnplaced?: true;

  /** `index`: in the job at this position of the lane. `first`: the number of its first row in the payload. */
  constructor(
    private readonly position: number,
    readonly index: number,
    readonly encoded: EncodedRows,
    private readonly first: number,
    readonly rowCount: number,
    isUnplaced: boolean,
  ) {
    if (isUnplaced) this.isUnplaced = true;
  }

  get recordId(): string {
    return recordIdFromLog(this.position, this.index);
  }

  /** Where its row with this ordinal begins; of a record without rows, with ordinal 0, what hides it. */
  startOf(ordinal: number): number {
    return this.encoded.ends[this.first + ordinal - 1] ?? 0;
  }

  /** Where it ends. */
  endOf(ordinal: number): number {
    return this.startOf(ordinal + 1);
  }
}
