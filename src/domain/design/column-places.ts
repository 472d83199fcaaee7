import { isUndetermined } from '../sample/source-field.js';
import type { Column } from './column.js';

/**
 * Sets the reason why a column cannot be enabled, which follows from the columns above it. A column that can no longer have values in rows is disabled, and loses its identifier,
 * security name and link. A column that can have values again is enabled. Parents must come before their children.
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

/** Why the columns below a column have no values in rows; undefined if they can have values. */
function reasonForChildren({ id, sourceType, undetermined }: Column): string | undefined {
  if (undetermined) return `it is inside ${id}, which is stored whole as JSON text`;
  if (sourceType !== 'OBJECT_ARRAY') return undefined;
  return `it is inside the array of objects ${id}, whose values are not stored in rows`;
}

function ownReason({ sourceType, undetermined }: Column): string | null {
  if (undetermined) return null;
  if (sourceType === 'OBJECT_ARRAY')
    return 'an array of objects does not fit into one row; set undetermined: true to store it whole as JSON text';
  return sourceType === 'OBJECT' ? 'an object has no value of its own; its children are columns' : null;
}

/** Why the values of a column cannot be used for identifiers, security names and links; null if they can. */
export function reasonAgainstUse(column: Column): string | null {
  const { enabled, disabledReason, undetermined } = column;
  if (!enabled) return disabledReason ?? 'it is not enabled; enable it';
  if (!undetermined) return null;
  if (!isUndetermined(column)) return 'it takes values of any type, because undetermined is true; set that to false';
  return 'it takes values of any type, because the sample shows no value; add one to the sample, or choose a type';
}
