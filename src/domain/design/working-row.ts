import type { ObjectArray } from './object-array.js';
import type { StoredValue } from './stored-value.js';

/** Arrays of objects, and single objects as arrays of one, by stored key. */
export type ObjectArrays = Readonly<Record<string, ObjectArray | undefined>>;

/** A row while the steps of a design shape it. */
export interface WorkingRow {
  /** The values by stored key. */
  readonly values: Record<string, StoredValue | undefined>;
  /** The objects and arrays of objects that steps read; they are not stored. Null if there are none. */
  arrays: ObjectArrays | null;
  /** Whether an address of the row is nowhere to be found. */
  isUnplaced?: true;
}
