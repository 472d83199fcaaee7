import { SluiceError } from '../errors.js';
import { isNumber, numberText, numericOf } from '../json/exact-number.js';
import type { JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { DATE_TIME_SPELLING, parseDateTime } from '../sample/date-time.js';
import type { QueryValue, StoredColumn } from './record-query.js';

/**
 * Converts a value so that a column's values can be compared with it; for a TEXT column, a number becomes its canonical text. Throws BAD_REQUEST, naming `field`, what
 * was given and what was expected.
 */
export function parseQueryValue(value: JsonValue, { type }: StoredColumn, field: string): QueryValue {
  const parsed = queryValueOf(value, type);
  if (parsed !== undefined) return parsed;
  const actual = briefJson(value);
  const expected = EXPECTED[scalarTypeOf(type)];
  const hint = value === null ? '; ask for null with IS_NULL or IS_NOT_NULL' : '';
  throw new SluiceError('BAD_REQUEST', `${field} is ${actual}; give ${expected}${hint}`, { field, expected, actual });
}

type ScalarType = 'TEXT' | 'NUMERIC' | 'BOOLEAN' | 'DATETIME';

const EXPECTED: Record<ScalarType, string> = {
  TEXT: 'a well-formed text, or a number or boolean, which is compared as text',
  NUMERIC: 'a number that needs no rounding',
  BOOLEAN: 'true or false',
  DATETIME: `a text with an existing date or date-time, spelled ${DATE_TIME_SPELLING}`,
};

function scalarTypeOf(type: StoredColumn['type']): ScalarType {
  if (type.startsWith('TEXT')) return 'TEXT';
  if (type.startsWith('NUMERIC')) return 'NUMERIC';
  return type.startsWith('BOOLEAN') ? 'BOOLEAN' : 'DATETIME';
}

/** What {@link parseQueryValue} converts a value to; undefined if the value does not fit the column's type, and for null. */
export function queryValueOf(value: JsonValue, type: StoredColumn['type']): QueryValue | undefined {
  switch (scalarTypeOf(type)) {
    case 'TEXT':
      return textOf(value);
    case 'NUMERIC':
      return isNumber(value) ? (numericOf(value) ?? undefined) : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'DATETIME':
      return typeof value === 'string' ? (parseDateTime(value) ?? undefined) : undefined;
  }
}

/** Converts numbers and booleans to text, as a TEXT column stores them. */
function textOf(value: JsonValue): string | undefined {
  if (isNumber(value)) return numberText(value);
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.isWellFormed() ? value : undefined;
}
