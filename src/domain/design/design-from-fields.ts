import { type ColumnType, isUndetermined, type SourceField } from '../sample/source-field.js';
import { planTransformations } from '../transform/plan-transformations.js';
import type { Column, ColumnSettings } from './column.js';
import { placeColumns } from './column-places.js';
import { columnsById } from './column-pointer.js';
import { canConvert, scalarOf } from './conversions.js';
import type { Columns } from './design.js';

/** Merging into these gives the columns of a new design: one for every source field, in the same order. */
export const NO_COLUMNS: Columns = { columns: [], transformations: [], lastKey: 0 };

/**
 * The columns of a design after its sample has become these fields: what is there keeps its settings, as far as they still fit its type; what is new gets a
 * column with a stored key of its own; what is gone loses its column.
 */
export function mergeFields({ columns, transformations, lastKey }: Columns, fields: readonly SourceField[]): Columns {
  const createdColumns = columns.filter(({ origin }) => origin === 'TRANSFORMATION');
  const before = columnsById(columns.filter(({ origin }) => origin === 'SAMPLE'));
  const names = new Set(createdColumns.map(({ name }) => name));
  for (const { path } of fields) {
    const known = before.get(path);
    if (known) names.add(known.name);
  }
  let key = lastKey;
  const merged = fields.map((field) => {
    const known = before.get(field.path);
    if (known) return retyped(known, field);
    key += 1;
    const name = freeName(defaultName(field.path), names);
    names.add(name);
    return newColumn(field, `c${key}`, name);
  });
  const sampleColumns = placeColumns(merged);
  const plan = planTransformations({ sampleColumns, createdColumns, lastKey: key }, transformations);
  return { columns: [...sampleColumns, ...plan.created], transformations, lastKey: plan.lastKey };
}

function newColumn(field: SourceField, storedKey: string, name: string): Column {
  const { path, key, type, textForm, fractional, parent, depth, optional } = field;
  return {
    id: path,
    storedKey,
    name,
    key,
    type,
    sourceType: type,
    ...(textForm && { textForm }),
    ...(fractional && { fractional }),
    parent,
    depth,
    origin: 'SAMPLE',
    optional,
    enabled: true,
    disabledReason: null,
    undetermined: isUndetermined(field),
    inputFormat: null,
    inputTimeZone: null,
    displayFormat: null,
    uniqueIdentifier: false,
    securityName: null,
    link: null,
  };
}

/** A column that follows its sample's field: one that was undetermined for want of a value is typed once the sample shows one. */
function retyped(column: Column, field: SourceField): Column {
  const { type: sourceType, textForm, fractional, optional, depth } = field;
  const { textForm: _form, fractional: _fractional, ...rest } = column;
  const same = {
    ...rest,
    sourceType,
    ...(textForm && { textForm }),
    ...(fractional && { fractional }),
    optional,
    depth,
  };
  if (isUndetermined(field) !== isUndetermined(column)) return { ...same, ...evidenceSettings(column, field) };
  return sourceType === column.sourceType ? same : { ...same, ...typeSettings(column, field) };
}

/** The settings after the sample has begun, or ceased, to show a value. What people chose for the field stays while it is possible. */
function evidenceSettings(column: Column, field: SourceField): Partial<ColumnSettings> {
  const isChosen = !column.undetermined && (isUndetermined(column) || column.type !== column.sourceType);
  if (isChosen && canConvert(field, column.type)) return {};
  if (isUndetermined(field)) return { ...untyped(field.type), undetermined: true, securityName: null };
  return column.undetermined ? { ...untyped(field.type), undetermined: false } : typeSettings(column, field);
}

/** The settings that a source field of another type leaves: all of them where its values still become what was chosen. */
function typeSettings(column: Column, field: SourceField): Partial<ColumnSettings> {
  // Whatever the field is, the whole of it is kept as text.
  if (column.undetermined) return {};
  const isChosen = column.type !== column.sourceType && canConvert(field, column.type);
  // ISO 8601 is read as it is.
  if (isChosen) return scalarOf(field.type) === 'DATETIME' ? { inputFormat: null } : {};
  return untyped(field.type);
}

function untyped(type: ColumnType) {
  return { type, inputFormat: null, inputTimeZone: null, displayFormat: null, uniqueIdentifier: false, link: null };
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
