import { createHash } from 'node:crypto';
import type { Column } from './column.js';
import type { StoredScalar, StoredValues } from './stored-value.js';

/** The record's id by its identifiers, or the first identifier column it has no value of. */
export type Identify = (values: StoredValues) => { readonly recordId: string } | { readonly missing: Column };

const TAGS = { string: 't', number: 'n', boolean: 'b' } as const;

/**
 * Compiles what makes records the same: the converted values of all identifier columns, hashed with their types and lengths, so that values of any length
 * give an id of 32 characters, and values that differ only in type, case or where one ends and the next begins stay distinct. Null without identifiers.
 */
export function compileIdentity(columns: readonly Column[]): Identify | null {
  const identifiers = identifiersOf(columns);
  if (identifiers.length === 0) return null;
  return (values) => {
    const hash = createHash('sha256');
    for (const column of identifiers) {
      const value = values[column.storedKey];
      if (value === undefined || (typeof value === 'object' && !(value instanceof Date))) return { missing: column };
      hash.update(encoded(value));
    }
    return { recordId: hash.digest('base64url').slice(0, 32) };
  };
}

/** In the order of their ids: that of the columns follows the sample, and a sample may have its keys in another order. */
export function identifiersOf(columns: readonly Column[]): Column[] {
  const identifiers = columns.filter(({ uniqueIdentifier, enabled }) => uniqueIdentifier && enabled);
  return identifiers.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The same for two designs when a record has the same id, or none, by both. */
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
