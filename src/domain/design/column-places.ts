import { isUndetermined } from '../sample/source-field.js';
import type { Column } from './column.js';

/**
 * Columns with what follows from where they stand: why each cannot be enabled, if so. One that comes to a place without values in rows is disabled, without
 * identifier, security name and link; one that leaves such a place is enabled. Parents come before their children.
 */
export function placeColumns(columns: readonly Column[]): Column[] {
  const reasonBelow = new Map<string, string>();
  return columns.map((column) => {
    const above = column.parent === null ? undefined : reasonBelow.get(column.parent);
    const below = above ?? reasonForChildren(column);
    if (below !== undefined) reasonBelow.set(column.id, below);
    return placed(column, above ?? ownReason(column));
  });
}

function placed(column: Column, disabledReason: string | null): Column {
  const wasPossible = column.disabledReason === null;
  if (wasPossible === (disabledReason === null)) return { ...column, disabledReason };
  if (disabledReason === null) return { ...column, disabledReason, enabled: true };
  return { ...column, disabledReason, enabled: false, uniqueIdentifier: false, securityName: null, link: null };
}

/** Why nothing below a column has a value in rows; undefined where it may have one. */
function reasonForChildren({ id, sourceType, undetermined }: Column): string | undefined {
  if (undetermined) return `it stands in ${id}, which is kept whole as JSON text`;
  if (sourceType !== 'OBJECT_ARRAY') return undefined;
  return `it stands in the array of objects ${id}, which gives no value of its own to a row`;
}

function ownReason({ sourceType, undetermined }: Column): string | null {
  if (undetermined) return null;
  if (sourceType === 'OBJECT_ARRAY')
    return 'an array of objects has no place in one row; set undetermined: true to keep it whole as JSON text';
  return sourceType === 'OBJECT' ? 'an object is not loaded itself; its children are columns' : null;
}

/** Why nothing can be built on the values of a column; null where it can. */
export function reasonAgainstUse(column: Column): string | null {
  const { enabled, disabledReason, undetermined } = column;
  if (!enabled) return disabledReason ?? 'it is not enabled; enable it';
  if (!undetermined) return null;
  if (!isUndetermined(column)) return 'it takes values of any type, as undetermined: true asks; set that to false';
  return 'it takes values of any type, as the sample shows none; give a sample that shows one, or choose a type';
}
