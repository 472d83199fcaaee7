import type { ObjectArray } from '../design/object-array.js';
import type { StoredValue } from '../design/stored-value.js';
import type { WorkingRow } from '../design/working-row.js';
import type { Answers, Needed } from './answers.js';
import type { StepError } from './step-error.js';

/** What steps know in addition to the row. It is the same whenever the record is loaded again. */
export interface StepContext {
  /** When the record's job was accepted; in a preview, when the preview was requested. */
  readonly savedAt: Date;
  readonly answers: Answers;
}

/** Reads one input of a row; null where it has no value. */
export type Read<T> = (row: WorkingRow, context: StepContext) => T | null;

/** A value, null for no value, why there is none, or the outside data that it depends on. */
export type StepResult = StoredValue | ObjectArray | null | StepError | Needed;
