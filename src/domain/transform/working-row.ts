import type { StoredScalar, StoredValue } from '../design/stored-value.js';
import type { StepError } from './step-error.js';

/** The values of a row while the steps change them, by stored key. */
export type WorkingRow = Record<string, StoredValue | undefined>;

/** What steps know in addition to the row. */
export interface StepContext {
  /** When the record's job was accepted; in a preview, when the preview was requested. */
  readonly savedAt: Date;
}

/** Reads one input of a row; null where it has no value. */
export type Read<T> = (row: WorkingRow, context: StepContext) => T | null;

/** A value, null for no value, or why there is none. */
export type StepResult = StoredScalar | readonly (StoredScalar | null)[] | null | StepError;
