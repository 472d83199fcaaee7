import type { StoredValue } from '../design/stored-value.js';
import type { ColumnType } from '../sample/source-field.js';
import type { Transformation } from './transformation.js';
import { valueOfType } from './value-of-type.js';

/** The value that replaces one that a step could not give; null for no value. */
export function replacementOf({ onError, replaceWith }: Transformation, type: ColumnType): StoredValue | null {
  return onError === 'REPLACE_VALUE' ? (valueOfType(replaceWith, type) ?? null) : null;
}
