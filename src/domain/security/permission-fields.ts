import { briefJson } from '../json/stringify-json.js';

const MAX_PERMISSION_NAME = 200;

/** Why a claim `permissions` is refused. The message names the place. Who reads a token turns it into UNAUTHENTICATED. */
export class PermissionsError extends Error {
  override readonly name = 'PermissionsError';

  constructor(
    message: string,
    readonly details: { readonly field: string; readonly expected: string; readonly actual: string },
  ) {
    super(message);
  }
}

/** An error that says what is wrong at a place: `{place} {what}; give {expected}`. */
export function fault(field: string, what: string, expected: string, actual: string): PermissionsError {
  return new PermissionsError(`${field} ${what}; give ${expected}`, { field, expected, actual });
}

/** An error for a value that is not what was expected. */
export function wrongValue(place: string, value: unknown, expected: string): PermissionsError {
  const actual = value === undefined ? 'missing' : briefJson(value);
  return fault(place, `is ${actual}`, expected, actual);
}

/** The members of a JSON object, whose values nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads an object that has no other keys than these; a member of `undefined` counts as absent. */
export function fieldsOf(value: unknown, place: string, keys: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongValue(place, value, `an object with ${keys.join(', ')}`);
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw fault(place, `has the unknown key ${briefJson(unknown)}`, keys.join(', '), briefJson(unknown));
  return value as Fields;
}

/** Reads a list of at most `most` elements. */
export function listOf(
  value: unknown,
  place: string,
  { most, mayBeEmpty = false }: { readonly most: number; readonly mayBeEmpty?: boolean },
): readonly unknown[] {
  const expected = `a list of ${mayBeEmpty ? '' : '1 to '}${mayBeEmpty ? 'at most ' : ''}${most} elements`;
  if (!Array.isArray(value)) throw wrongValue(place, value, expected);
  const { length } = value;
  if (length > most || (length === 0 && !mayBeEmpty))
    throw fault(place, `has ${length} elements`, expected, `${length} elements`);
  return value;
}

/** Reads a name: a security name or the id of a dataset. */
export function nameOf(value: unknown, place: string): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= MAX_PERMISSION_NAME && value.isWellFormed())
    return value;
  throw wrongValue(place, value, `a text of 1 to ${MAX_PERMISSION_NAME} well-formed characters`);
}

/** Reads one of some words, spelled exactly like this. */
export function oneOf<Word extends string>(words: readonly Word[], value: unknown, place: string): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw wrongValue(place, value, `one of ${words.join(', ')}`);
  return found;
}
