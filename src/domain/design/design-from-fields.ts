import { type ColumnType, isUndetermined, type SourceField } from '../sample/source-field.js';
import { columnEffects } from '../transform/column-effects.js';
import { planTransformations } from '../transform/plan-transformations.js';
import { type Column, type ColumnSettings, UNSET } from './column.js';
import { placeColumns } from './column-places.js';
import { columnsById } from './column-pointer.js';
import { canConvert, scalarOf } from './conversions.js';
import type { Columns } from './design.js';

/** The start of a new design. Merging fields into it gives one column for every source field, in the same order. */
export const NO_COLUMNS: Columns = { columns: [], transformations: [], lastKey: 0 };

/**
 * The columns of a design after its sample has changed to these fields. Columns of known fields keep the settings that still fit the field's type. New fields get a column with a
 * new stored key. Fields that no longer exist lose their columns.
 */
export function mergeFields({ columns, transformations, lastKey }: Columns, fields: readonly SourceField[]): Columns {
  const createdColumns = columns.filter(({ origin }) => origin !== 'SAMPLE');
  const before = columnsById(columns.filter(({ origin }) => origin === 'SAMPLE'));
  const kept = fields.flatMap(({ path }) => before.get(path) ?? []);
  const names = new FreeNames([...createdColumns, ...kept].map(({ name }) => name));
  let key = lastKey;
  const merged = fields.map((field) => {
    const known = before.get(field.path);
    if (known) return retyped(known, field);
    key += 1;
    return newColumn(field, `c${key}`, names.take(defaultName(field.path)));
  });
  const sampleColumns = placeColumns(merged, columnEffects(transformations));
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
    disabledReason: null,
    undetermined: isUndetermined(field),
    ...UNSET,
  };
}

/** Updates a column to its sample's field. A column that was undetermined because it had no value gets a type when the sample shows one. */
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

/** The settings after the sample has begun, or stopped, showing a value. The user's choice for the field stays while it is valid. */
function evidenceSettings(column: Column, field: SourceField): Partial<ColumnSettings> {
  const isChosen = !column.undetermined && (isUndetermined(column) || column.type !== column.sourceType);
  if (isChosen && canConvert(field, column.type)) return {};
  if (isUndetermined(field)) return { ...untyped(field.type), undetermined: true };
  return column.undetermined ? { ...untyped(field.type), undetermined: false } : typeSettings(column, field);
}

/** The settings after the source field's type has changed. They stay if the chosen type is still possible for the new values. */
function typeSettings(column: Column, field: SourceField): Partial<ColumnSettings> {
  // The whole field is stored as text, whatever its type.
  if (column.undetermined) return {};
  const isChosen = column.type !== column.sourceType && canConvert(field, column.type);
  // ISO 8601 dates need no input format.
  if (isChosen) return scalarOf(field.type) === 'DATETIME' ? { inputFormat: null } : {};
  return untyped(field.type);
}

function untyped(type: ColumnType) {
  return { type, inputFormat: null, inputTimeZone: null, displayFormat: null, uniqueIdentifier: false, link: null };
}

/** The name of a column until a user names it: its id, unless that is blank and so invisible. */
export function defaultName(id: string): string {
  return id.trim() === '' ? '(empty)' : id;
}

/** Finds names that are not taken. It remembers where it stopped for a wanted name, because thousands of columns may want the same one. */
class FreeNames {
  readonly #taken: Set<string>;
  readonly #lastNumbers = new Map<string, number>();

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  /** The wanted name, or that name with the first number from 2 on that makes it free. From now on, it is taken. */
  take(wanted: string): string {
    let [name, number] = [wanted, this.#lastNumbers.get(wanted) ?? 1];
    while (this.#taken.has(name)) {
      number += 1;
      name = `${wanted} (${number})`;
    }
    this.#lastNumbers.set(wanted, number);
    this.#taken.add(name);
    return name;
  }
}
