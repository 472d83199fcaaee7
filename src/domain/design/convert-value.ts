import { isNumber, numberOf, numberText, numericOf } from '../json/exact-number.js';
import { ExactNumber, type JsonScalar, type JsonValue } from '../json/json-value.js';
import { parseDateTime } from '../sample/date-time.js';
import type { ColumnType } from '../sample/source-field.js';
import type { ColumnSettings } from './column.js';
import { compileDateFormat, type ParseDate } from './date-format.js';
import type { StoredScalar } from './stored-value.js';
import { compileTimeZone } from './time-zone.js';

/** The value that a column stores for a JSON scalar; null for no value; undefined if the scalar cannot be converted. */
export type ConvertScalar = (value: Exclude<JsonScalar, null>) => StoredScalar | null | undefined;

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const WORDS = new Map<string, boolean>([
  ...['true', 't', 'yes', 'y', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', 'off', '0'].map((word) => [word, false] as const),
]);

/**
 * Compiles the conversion to a scalar type:
 *
 * - Text to number: a decimal that a double can represent. Text to boolean: true, t, yes, y, on, 1 and their opposites, in any case. Text to date: by the input format and time
 *   zone; ISO 8601 and UTC by default. Blank text becomes null in all three.
 * - Number to text: all digits, in one canonical form. Number to date: by an epoch format. Number to boolean: only 1 and 0.
 * - Boolean to text: as in JSON. Boolean to number: 1 and 0.
 */
export function scalarConversion(type: ColumnType, settings: DateSettings): ConvertScalar {
  switch (type) {
    case 'NUMERIC':
      return toNumber;
    case 'BOOLEAN':
      return toBoolean;
    case 'DATETIME':
      return toDate(compileDates(settings));
    default:
      return toText;
  }
}

/** Half of a surrogate pair has no UTF-8 form; a store would replace it with another character. */
const toText: ConvertScalar = (value) => {
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined;
  return value instanceof ExactNumber ? numberText(value) : String(value);
};

const toNumber: ConvertScalar = (value) => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && value.trim() === '') return null;
  const number = decimalIn(value);
  return number === null ? undefined : (numericOf(number) ?? undefined);
};

/** Whether a value is a number, or the text of one, that a NUMERIC column rejects because it would be rounded. */
export function isRoundedNumber(value: JsonValue): boolean {
  const number = decimalIn(value);
  return number !== null && numericOf(number) === null;
}

/** The value itself if it is a number, or the number that its text contains; null otherwise. */
function decimalIn(value: JsonValue): number | ExactNumber | null {
  if (isNumber(value)) return value;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return DECIMAL.test(text) ? numberOf(asJson(text)) : null;
}

/** A decimal in JSON's form: `+.5` becomes `0.5`, `007.` becomes `7`. */
function asJson(decimal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = ''] =
    /^([+-]?)(\d*)(?:\.(\d*))?([eE].*)?$/.exec(decimal) ?? [];
  return `${sign === '-' ? '-' : ''}${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction && `.${fraction}`}${exponent}`;
}

const toBoolean: ConvertScalar = (value) => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value === 1 ? true : value === 0 ? false : undefined;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  return word === '' ? null : WORDS.get(word);
};

function toDate(parse: ParseDate): ConvertScalar {
  return (value) => {
    if (typeof value === 'string' && value.trim() === '') return null;
    if (typeof value === 'boolean') return undefined;
    return parse(value) ?? undefined;
  };
}

type DateSettings = Pick<ColumnSettings, 'inputFormat' | 'inputTimeZone'>;

function compileDates({ inputFormat, inputTimeZone }: DateSettings): ParseDate {
  const localToUtc = inputTimeZone === null ? undefined : compileTimeZone(inputTimeZone);
  if (inputFormat !== null) return compileDateFormat(inputFormat, localToUtc);
  return (value) => (typeof value === 'string' ? parseDateTime(value, localToUtc) : null);
}
