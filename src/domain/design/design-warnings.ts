import { briefJson } from '../json/stringify-json.js';
import type { Column } from './column.js';
import { arrayAbove, type ColumnsById, columnKeys, columnsById } from './column-pointer.js';
import type { Columns } from './design.js';
import type { DesignWarning } from './design-warning.js';
import { type ColumnsOfDatasets, disclosureWarnings } from './disclosure-warnings.js';
import { identifiersOf } from './identity.js';

/**
 * The warnings of a design: first those about the whole design, then the others in the order of the columns, then those about who sees what steps copy. `lookedUp`: the columns
 * of the applied designs of the datasets that its steps look up, by the id of the dataset.
 */
export function designWarnings(design: Columns, lookedUp: ColumnsOfDatasets): DesignWarning[] {
  const { columns } = design;
  const byId = columnsById(columns);
  const flattened = flattenedArrays(columns, byId);
  const ofColumns = columns.flatMap((column) => ofColumn(column, byId, flattened));
  return [...ofWhole(columns), ...ofColumns, ...disclosureWarnings(design, lookedUp)];
}

/** Warnings as texts for users: at most `most`, and one more text with the number of the others. */
export function warningNotes(warnings: readonly DesignWarning[], most: number): string[] {
  const notes = warnings
    .slice(0, most)
    .map(({ column, message }) => (column === null ? message : `Column ${briefJson(column)}: ${message}`));
  const more = warnings.length - notes.length;
  return more > 0 ? [...notes, `There are ${more} more warnings; Design.warnings lists all.`] : notes;
}

function ofWhole(columns: readonly Column[]): DesignWarning[] {
  const warnings: DesignWarning[] = [];
  if (!columns.some(({ enabled }) => enabled)) {
    const message =
      'No column is enabled: records are loaded, and their rows have no values to query. Add a key with a scalar value to the sample, or keep a field as JSON text (undetermined: true).';
    warnings.push({ column: null, message });
  }
  const identifiers = identifiersOf(columns);
  if (identifiers.length > 0 && identifiers.every(({ type }) => type === 'BOOLEAN')) {
    const message = `Every unique identifier is BOOLEAN: the dataset holds at most ${2 ** identifiers.length} records. Mark a column as unique identifier that tells records apart.`;
    warnings.push({ column: null, message });
  }
  return warnings;
}

/** The ids of the arrays of objects whose elements give rows: columns inside them are enabled. */
function flattenedArrays(columns: readonly Column[], byId: ColumnsById): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const column of columns) {
    let array = column.enabled ? arrayAbove(column, byId) : undefined;
    for (; array && !ids.has(array.id); array = arrayAbove(array, byId)) ids.add(array.id);
  }
  return ids;
}

function ofColumn(column: Column, columns: ColumnsById, flattened: ReadonlySet<string>): DesignWarning[] {
  const { id, enabled, uniqueIdentifier } = column;
  const messages = [arrayMessage(column, columns, flattened), enabled ? undeterminedMessage(column, columns) : null];
  if (enabled && uniqueIdentifier) messages.push(fractionMessage(column), optionalMessage(column));
  return messages.flatMap((message) => (message === null ? [] : [{ column: id, message }]));
}

function undeterminedMessage(column: Column, columns: ColumnsById): string | null {
  if (!column.undetermined || column.textForm !== 'ANY') return null;
  const sample = columnKeys(columns, column).reduceRight((inner, key) => `{${briefJson(key)}: ${inner}}`, 'a value');
  return `The sample shows no value of it, so it takes any value and keeps it as text, objects and arrays as JSON text. To type it, add a record to the sample that shows one: ${sample}. Or choose a type with updateDesign.`;
}

function arrayMessage(
  { id, sourceType, undetermined, parent }: Column,
  columns: ColumnsById,
  flattened: ReadonlySet<string>,
): string | null {
  if (sourceType !== 'OBJECT_ARRAY' || undetermined || flattened.has(id)) return null;
  if (isBelowWhole(parent, columns, flattened)) return null;
  return 'An array of objects gives no value to a row: it is kept with the record and cannot be queried. To query its elements, flatten it by a transformation. To query it as JSON text, set undetermined: true.';
}

/** Whether a column above is an array of objects, which has its own warning, or is stored whole as text. */
function isBelowWhole(parent: string | null, columns: ColumnsById, flattened: ReadonlySet<string>): boolean {
  const above = parent === null ? undefined : columns.get(parent);
  if (!above || flattened.has(above.id)) return false;
  return above.undetermined || above.sourceType === 'OBJECT_ARRAY' || isBelowWhole(above.parent, columns, flattened);
}

function fractionMessage({ type, fractional }: Column): string | null {
  if (type !== 'NUMERIC' || fractional !== true) return null;
  return 'It is a unique identifier with fractions: two numbers that round to the same double are the same record. Make it TEXT to compare every digit.';
}

function optionalMessage({ optional }: Column): string | null {
  if (!optional) return null;
  return 'It is a unique identifier that some records of the sample lack: a record without it is refused.';
}
