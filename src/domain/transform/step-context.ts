import type { ObjectArray } from '../design/object-array.js';
import type { StoredValue } from '../design/stored-value.js';
import type { WorkingRow } from '../design/working-row.js';
import type { PlaceFinder } from '../geolocation/place-finder.js';
import type { Answers, Needed } from './answers.js';
import type { StepError } from './step-error.js';
import type { WorkMeter } from './work-meter.js';

/** What rows depend on in addition to the record and the design. It is the same whenever the record is loaded again. */
export interface RecordContext {
  /** When the record's job was accepted; in a preview, when the preview was requested. */
  readonly savedAt: Date;
  readonly answers: Answers;
}

/** What steps know in addition to the row. */
export interface StepContext extends RecordContext {
  /** Null if addresses are located by outside data. */
  readonly places: PlaceFinder | null;
  /** Counts the work for the record. */
  readonly work: WorkMeter;
}

/** The result of a step for a row whose address is nowhere. */
export const NOT_PLACED: unique symbol = Symbol('not placed');

/** Reads one input of a row; null where it has no value. */
export type Read<T> = (row: WorkingRow, context: StepContext) => T | null;

/** A value, null for no value, why there is none, or the outside data that it depends on. */
export type StepResult = StoredValue | ObjectArray | null | StepError | Needed | typeof NOT_PLACED;
