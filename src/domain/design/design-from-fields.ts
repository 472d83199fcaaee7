import type { ColumnType, SourceField } from '../sample/source-field.js';
import { canConvert, scalarOf } from './conversions.js';
import type { Column, ColumnSettings, Design } from './design.js';

/** The columns of a design, and the number of the last stored key given out. */
export type Columns = Pick<Design, 'columns' | 'lastKey'>;

/** Merging into these gives the columns of a new design: one for every source field, in the same order. */
export const NO_COLUMNS: Columns = { columns: [], lastKey: 0 };

/**
 * The columns of a design after its sample has become these fields: what is there keeps its settings, as far as they still fit its type; what is new gets a
 * column with a stored key of its own; what is gone loses its column.
 */
export function mergeFields({ columns, lastKey }: Columns, fields: readonly SourceField[]): Columns {
  const before = new Map(columns.map((column) => [column.id, column]));
  const names = new Set<string>();
  for (const { path } of fields) {
    const known = before.get(path);
    if (known) names.add(known.name);
  }
  let key = lastKey;
  const disabledBelow = new Set<string>();
  const merged = fields.map((field) => {
    const belowArray = field.parent !== null && disabledBelow.has(field.parent);
    if (field.type === 'OBJECT_ARRAY' || belowArray) disabledBelow.add(field.path);
    const disabledReason = reasonToDisable(field, belowArray);
    const known = before.get(field.path);
    if (known) return retyped(known, field, disabledReason);
    key += 1;
    const name = freeName(defaultName(field.path), names);
    names.add(name);
    return newColumn(field, `c${key}`, name, disabledReason);
  });
  return { columns: merged, lastKey: key };
}

function newColumn(field: SourceField, storedKey: string, name: string, disabledReason: string | null): Column {
  const { path, key, type, textForm, parent, depth, optional } = field;
  return {
    id: path,
    storedKey,
    name,
    key,
    type,
    sourceType: type,
    ...(textForm && { textForm }),
    parent,
    depth,
    origin: 'SAMPLE',
    optional,
    enabled: disabledReason === null,
    disabledReason,
    inputFormat: null,
    displayFormat: null,
    uniqueIdentifier: false,
    securityName: null,
    link: null,
  };
}

/** What is usable again after it stood below an array is enabled, as a new column would be. */
function retyped(column: Column, field: SourceField, disabledReason: string | null): Column {
  const { type: sourceType, textForm, optional, depth } = field;
  const { textForm: _before, ...rest } = column;
  const same = { ...rest, sourceType, ...(textForm && { textForm }), optional, depth, disabledReason };
  const typed = { ...same, ...(sourceType === column.sourceType ? {} : typeSettings(column, sourceType)) };
  if (disabledReason !== null) {
    return { ...typed, enabled: false, uniqueIdentifier: false, securityName: null, link: null };
  }
  return { ...typed, enabled: column.enabled || column.disabledReason !== null };
}

/** The settings that a source field of another type leaves: all of them where its values still become what was chosen. */
function typeSettings(column: Column, sourceType: ColumnType): Partial<ColumnSettings> {
  const isChosen = column.type !== column.sourceType && canConvert(sourceType, column.type);
  // ISO 8601 is read as it is.
  if (isChosen) return scalarOf(sourceType) === 'DATETIME' ? { inputFormat: null } : {};
  return { type: sourceType, inputFormat: null, displayFormat: null, uniqueIdentifier: false, link: null };
}

/** What a column is called until people name it: its id, unless nobody could see that. */
export function defaultName(id: string): string {
  return id.trim() === '' ? '(empty)' : id;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n += 1) name = `${wanted} (${n})`;
  return name;
}

function reasonToDisable({ type, parent }: SourceField, belowArray: boolean): string | null {
  if (belowArray) return `it stands in the array of objects ${parent}, which gives no value of its own to a row`;
  if (type === 'OBJECT_ARRAY')
    return 'an array of objects has no place in one row; a transformation may flatten it, and only transformations of arrays can use it';
  if (type === 'OBJECT') return 'an object is not loaded itself; its children are columns';
  return null;
}
