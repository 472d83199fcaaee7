import type { RecordUse } from '../design/compiled-design.js';
import type { StoredValues } from '../design/stored-value.js';
import type { RefusedRecords } from '../job/refused-records.js';
import type { JsonObject } from '../json/json-value.js';

/** What is to be done with the records of a payload. Plain data. */
export interface ExamineTask {
  /** The job's place in its lane. */
  readonly position: number;
  readonly savedAt: Date;
  /** What the records are given for: all of them, or each (of a replay). */
  readonly use: RecordUse | readonly RecordUse[];
  /** A bit for each record that is not to be looked at, as in {@link Places}; null where all are. */
  readonly leftOut: Uint8Array | null;
  /** The reasons of so many refused records are needed one by one. */
  readonly maxReasons: number;
}

/** A record that passed every check that needs nothing stored. Plain data. */
export type GivenRecord = GivenWhole | GivenUpsert | GivenDelete;

interface Given {
  /** Its place in the job, from 0. */
  readonly index: number;
  readonly recordId: string;
}

/** It stands for itself. */
export interface GivenWhole extends Given {
  readonly use: 'REPLACE';
  readonly rows: readonly StoredValues[];
  /** Its JSON text, where the design has an identifier. */
  readonly source: string | undefined;
}

/** It is merged onto what is stored under its id. */
export interface GivenUpsert extends Given {
  readonly use: 'UPSERT';
  readonly record: JsonObject;
}

/** It names a record to delete. */
export interface GivenDelete extends Given {
  readonly use: 'DELETE';
}

/** What an examination found. Plain data. */
export interface ExaminedPayload {
  readonly recordCount: number;
  readonly given: readonly GivenRecord[];
  /** The indexes of those that were left out. */
  readonly passedOver: readonly number[];
  readonly refused: RefusedRecords;
}
