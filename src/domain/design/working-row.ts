import type { ObjectArray } from './object-array.js';
import type { StoredValue } from './stored-value.js';

/** Arrays of objects by stored key. */
export type ObjectArrays = Readonly<Record<string, ObjectArray | undefined>>;

/** A row while the steps of a design shape it. */
export interface WorkingRow {
  /** The values by stored key. */
  readonly values: Record<string, StoredValue | undefined>;
  /** The arrays of objects that steps read; they are not stored. Null if there are none. */
  arrays: ObjectArrays | null;
}
