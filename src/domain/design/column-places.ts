import { isUndetermined } from '../sample/source-field.js';
import { type Column, isDisabledByUser, isObjectArray, withReason } from './column.js';
import { type Remover, removedColumn } from './removed-column.js';

/** What the enabled steps of a design do to whole columns. */
export interface ColumnEffects {
  /** The ids of the arrays that steps flatten: the columns inside them get values in rows. */
  readonly flattened: ReadonlySet<string>;
  /** The steps that remove columns, by column id. */
  readonly removed: ReadonlyMap<string, Remover>;
}

/**
 * Sets the reason why a column of the sample cannot be enabled, which follows from the columns above it and from the steps. A column that can no longer have values in rows is
 * disabled, and loses its identifier and link. It keeps its security name, which is a fault then: without it more rows could be read. A column that can have values again is
 * enabled, unless a user disabled it. Parents must come before their children.
 */
export function placeColumns(columns: readonly Column[], effects: ColumnEffects): Column[] {
  const reasonBelow = new Map<string, string>();
  return columns.map((column) => {
    const above = column.parent === null ? undefined : reasonBelow.get(column.parent);
    const below = above ?? reasonForChildren(column, effects);
    if (below !== undefined) reasonBelow.set(column.id, below);
    const place = above ?? ownReason(column, effects);
    const remover = effects.removed.get(column.id);
    return place === null && remover && !isDisabledByUser(column)
      ? removedColumn(column, remover)
      : placed(column, place);
  });
}

function placed(column: Column, disabledReason: string | null): Column {
  const isNewlyImpossible = column.disabledReason === null && disabledReason !== null;
  const lost = isNewlyImpossible ? { uniqueIdentifier: false, link: null } : {};
  return { ...withReason(column, disabledReason), ...lost };
}

/** Why the columns below a column have no values in rows; undefined if they can have values. */
function reasonForChildren(column: Column, { flattened }: ColumnEffects): string | undefined {
  const { id, undetermined } = column;
  if (undetermined) return `it is inside ${id}, which is stored whole as JSON text`;
  if (!isObjectArray(column) || flattened.has(id)) return undefined;
  return `it is inside the array of objects ${id}, whose values are not stored in rows; flatten that array by a step`;
}

function ownReason(column: Column, { flattened }: ColumnEffects): string | null {
  const { id, sourceType, undetermined } = column;
  if (undetermined) return null;
  if (isObjectArray(column))
    return flattened.has(id)
      ? 'a step flattens the array, and the columns inside it have its values'
      : 'an array of objects does not fit into one row; flatten it by a step, or set undetermined: true to store it whole as JSON text';
  return sourceType === 'OBJECT' ? 'an object has no value of its own; its children are columns' : null;
}

/** Why the values of a column cannot be used for identifiers, security names and links; null if they can. */
export function reasonAgainstUse(column: Column): string | null {
  const { enabled, disabledReason, undetermined, type } = column;
  if (!enabled) return disabledReason ?? 'it is not enabled; enable it';
  if (type === 'GEO_POINT') return 'its values are points; use the columns that they are made of';
  if (!undetermined) return null;
  if (!isUndetermined(column)) return 'it takes values of any type, because undetermined is true; set that to false';
  return 'it takes values of any type, because the sample shows no value; add one to the sample, or choose a type';
}
