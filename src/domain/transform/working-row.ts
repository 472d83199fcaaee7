import type { StoredScalar, StoredValue } from '../design/stored-value.js';
import type { StepError } from './step-error.js';

/** A row on its way through the steps, by stored keys. */
export type WorkingRow = Record<string, StoredValue | undefined>;

/** What steps know beside the row. */
export interface StepContext {
  /** When the record's job was accepted; in a preview, when it was asked for. */
  readonly savedAt: Date;
}

/** Reads one input of a row; null where it has no value. */
export type Read<T> = (row: WorkingRow, context: StepContext) => T | null;

/** A value, null for none, or why there is none. */
export type StepResult = StoredScalar | readonly (StoredScalar | null)[] | null | StepError;
