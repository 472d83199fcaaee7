import { hash } from 'node:crypto';
import type { Column } from './column.js';
import type { StoredScalar, StoredValues } from './stored-value.js';

/** The record's id by its identifiers, or the first identifier column without a value. */
export type Identify = (values: StoredValues) => { readonly recordId: string } | { readonly missing: Column };

const TAGS = { string: 't', number: 'n', boolean: 'b' } as const;

/**
 * Compiles the id of a record: a hash of the converted values of all identifier columns. It has 32 characters for values of any length. It includes types and lengths, so that
 * values that differ only in type, in case, or in where one ends and the next begins, give different ids. Null if there are no identifiers.
 */
export function compileIdentity(columns: readonly Column[]): Identify | null {
  const identifiers = identifiersOf(columns);
  if (identifiers.length === 0) return null;
  return (values) => {
    let text = '';
    for (const column of identifiers) {
      const value = values[column.storedKey];
      if (value === undefined || (typeof value === 'object' && !(value instanceof Date))) return { missing: column };
      text += encoded(value);
    }
    return { recordId: idOf(text) };
  };
}

/** The id of the record with these values of its identifiers, in the order of {@link identifiersOf}. */
export function recordIdOfValues(values: readonly StoredScalar[]): string {
  return idOf(values.map(encoded).join(''));
}

function idOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 32);
}

/** The identifier columns in the order of their ids. The order of the columns follows the sample, and a new sample may have its keys in another order. */
export function identifiersOf(columns: readonly Column[]): Column[] {
  const identifiers = columns.filter(({ uniqueIdentifier, enabled }) => uniqueIdentifier && enabled);
  return identifiers.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Equal for two designs if every record has the same id, or none, under both. */
export function identityKey(columns: readonly Column[]): string {
  const parts = identifiersOf(columns).map(({ id, type, sourceType, inputFormat, inputTimeZone }) => [
    id,
    type,
    sourceType,
    inputFormat,
    inputTimeZone,
  ]);
  return JSON.stringify(parts);
}

function encoded(value: StoredScalar): string {
  const [tag, text] =
    value instanceof Date
      ? ['d', String(value.getTime())]
      : [TAGS[typeof value as keyof typeof TAGS], Object.is(value, -0) ? '0' : String(value)];
  return `${tag}${Buffer.byteLength(text)}:${text}`;
}
