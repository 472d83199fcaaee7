import type { RecordUse } from '../design/compiled-design.js';
import type { StoredValues } from '../design/stored-value.js';
import type { RefusedRecords } from '../job/refused-records.js';
import type { JsonObject } from '../json/json-value.js';
import type { Answers, Need } from '../transform/answers.js';
import type { EncodedRecord } from './encoded-record.js';
import type { PlainRecord } from './plain-record.js';

/** How to examine the records of a payload. Plain data. */
export interface ExamineTask {
  /** The job's position in its lane. */
  readonly position: number;
  readonly savedAt: Date;
  /** The use of all records; in a replay, of each record. */
  readonly use: RecordUse | readonly RecordUse[];
  /** The indexes of records to leave out, as the bits of an {@link IndexSet}; null if there are none. */
  readonly leftOut: Uint8Array | null;
  /** For how many refused records the reasons are kept one by one. */
  readonly maxReasons: number;
  /** The outside data that records need. */
  readonly answers: Answers;
}

/** A record that passed every check that needs no stored data. */
export type FittingRecord = ReplaceRecord | PlainRecord | EncodedRecord | UnmadeRecord | UpsertRecord | DeleteRecord;

interface Given {
  /** Its index in the job, from 0. */
  readonly index: number;
  readonly recordId: string;
  /** Set if an address of the record is nowhere to be found. */
  readonly isUnplaced?: true;
}

/** Replaces the stored record, if there is one. */
export interface ReplaceRecord extends Given {
  readonly use: 'REPLACE';
  readonly rows: readonly StoredValues[];
  /** Its JSON text, if the design has an identifier. */
  readonly source: string | undefined;
}

/** Replaces the stored record, too. Its rows have been checked, but not kept, to save memory: they are made again when they are written. */
export interface UnmadeRecord extends Given {
  readonly use: 'REPLACE';
  readonly rows: null;
  readonly rowCount: number;
  /** About how many bytes its rows take in memory. */
  readonly size: number;
  readonly record: JsonObject;
  /** As in {@link ReplaceRecord}. */
  readonly source: string | undefined;
}

/** Is merged into the record that is stored under its id. */
export interface UpsertRecord extends Given {
  readonly use: 'UPSERT';
  readonly record: JsonObject;
}

/** Names a record to delete. */
export interface DeleteRecord extends Given {
  readonly use: 'DELETE';
}

/** The result of an examination. */
export interface ExaminedPayload {
  readonly recordCount: number;
  readonly fitting: readonly FittingRecord[];
  /** The indexes of the records that were left out. */
  readonly leftOut: readonly number[];
  readonly refused: RefusedRecords;
  /** The outside data that records still need, which are neither fitting nor refused yet; then examine the payload again. */
  readonly needs: readonly Need[];
}
