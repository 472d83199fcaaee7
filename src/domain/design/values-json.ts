import { WrittenJson } from '../json/json-value.js';
import type { Column } from './column.js';
import { publicValue } from './public-values.js';
import type { StoredValue, StoredValues } from './stored-value.js';

/** Writes the values of a row as JSON. */
export type WriteValues = (values: StoredValues) => WrittenJson;

/** Makes a function that writes what `publicValues` returns for these columns: most pages of rows are only read to be written, and this takes half as long. */
export function valuesWriter(columns: readonly Column[]): WriteValues {
  const shown = columns.filter(({ enabled }) => enabled);
  const parts = shown.map(({ id, storedKey }, index) => {
    return { storedKey, before: `${index === 0 ? '{' : ','}${JSON.stringify(id)}:` };
  });
  return (values) => {
    let text = parts.length === 0 ? '{' : '';
    for (const { storedKey, before } of parts) text += before + valueJson(values[storedKey]);
    return new WrittenJson(`${text}}`);
  };
}

function valueJson(value: StoredValue | null | undefined): string {
  switch (typeof value) {
    case 'undefined':
      return 'null';
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'string':
      return JSON.stringify(value);
    default:
      // An instant and a number need no escapes.
      if (value instanceof Date) return `"${value.toISOString()}"`;
      return Array.isArray(value) ? `[${value.map(valueJson).join(',')}]` : JSON.stringify(publicValue(value));
  }
}
