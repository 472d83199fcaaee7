import type { JobErrorCode } from '../job/job.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import { ExactNumber, isJsonObject, type JsonObject, type JsonScalar, type JsonValue } from '../json/json-value.js';
import { pointerTo } from '../json/pointer.js';
import { briefJson, stringifyJson } from '../json/stringify-json.js';
import { childrenByParent } from '../sample/children-by-parent.js';
import { dateTimeFault, type LocalToUtc } from '../sample/date-time.js';
import { mismatch } from '../sample/value-check.js';
import type { Column } from './column.js';
import { isArrayType, scalarOf } from './conversions.js';
import { type ConvertScalar, isRoundedNumber, scalarConversion } from './convert-value.js';
import { RowBuilder } from './row-builder.js';
import { storedColumns } from './stored-columns.js';
import type { StoredScalar, StoredValue, StoredValues } from './stored-value.js';
import { compileTimeZone } from './time-zone.js';

/** The values of a record's row. `mismatches` has the values that could not be converted, which `values` lacks; null if there are none. */
export interface Converted {
  readonly values: Record<string, StoredValue | undefined>;
  readonly mismatches: RecordMismatches | null;
}

interface Work {
  readonly row: Record<string, StoredValue | undefined>;
  mismatches: RecordMismatches | null;
}

/** Reads its values from an object and puts them into the row. */
type Take = (object: JsonObject, work: Work) => void;

/**
 * Compiles the conversion of a record to the values of its row, by stored key. Values that cannot be converted are mismatches. Nulls, missing keys and disabled columns give no
 * value. The record need not have passed the structure check: a record pushed under an earlier sample may have another shape. That is a mismatch if an enabled column would lose
 * a value.
 */
export function compileConversion(columns: readonly Column[]): (record: JsonObject) => Converted {
  const ofSample = columns.filter(({ origin }) => origin === 'SAMPLE');
  const take = takeChildren(null, '', childrenByParent(ofSample));
  const builder = new RowBuilder(storedColumns(columns).map(({ storedKey }) => storedKey));
  return (record) => {
    const work: Work = { row: builder.begin(), mismatches: null };
    take?.(record, work);
    return { values: builder.take(), mismatches: work.mismatches };
  };
}

/** Null if no column below is enabled. */
function takeChildren(
  parent: string | null,
  place: string,
  children: ReadonlyMap<string | null, readonly Column[]>,
): Take | null {
  const takes = (children.get(parent) ?? []).flatMap((column): Take[] => {
    const pointer = pointerTo(place, column.key);
    if (column.sourceType === 'OBJECT' && !column.undetermined) {
      const below = takeChildren(column.id, pointer, children);
      return below ? [takeObject(column, pointer, below)] : [];
    }
    return column.enabled ? [takeValue(column, pointer)] : [];
  });
  if (takes.length === 0) return null;
  return (object, work) => {
    for (const take of takes) take(object, work);
  };
}

function takeObject({ id, key }: Column, pointer: string, take: Take): Take {
  return (object, work) => {
    const value = member(object, key);
    if (value === undefined || value === null) return;
    if (isJsonObject(value)) take(value, work);
    else
      mismatchesOf(work).add(pointer, 'CONVERSION_FAILED', () =>
        mismatch('CONVERSION_FAILED', id, pointer, 'OBJECT', briefJson(value), NO_OBJECT),
      );
  };
}

const NO_OBJECT =
  'is not an object, but columns of the design are inside it; delete the record, set the field to null in it, disable those columns, or store the whole field as text (undetermined: true)';

/** A column, the JSON Pointer of its values, and how to convert them. */
interface ColumnPlace {
  readonly column: Column;
  readonly pointer: string;
  readonly convert: ConvertScalar;
  /** For dates in a time zone other than UTC. */
  readonly localToUtc: LocalToUtc | undefined;
}

function takeValue(column: Column, pointer: string): Take {
  const { key, storedKey, type, undetermined, inputTimeZone } = column;
  const localToUtc = inputTimeZone === null ? undefined : compileTimeZone(inputTimeZone);
  const place = { column, pointer, convert: scalarConversion(scalarOf(type), column), localToUtc };
  const takeOne = undetermined ? convertAny : isArrayType(type) ? convertArray : convertOne;
  return (object, work) => {
    const value = member(object, key);
    if (value === undefined || value === null) return;
    const stored = takeOne(value, place, work);
    if (stored !== null && stored !== undefined) work.row[storedKey] = stored;
  };
}

/** Objects and arrays become JSON text. */
function convertAny(value: JsonValue, place: ColumnPlace, work: Work): StoredScalar | null | undefined {
  return isScalar(value) ? convertOne(value, place, work) : stringifyJson(value);
}

function convertOne(value: JsonValue, place: ColumnPlace, work: Work, index?: number) {
  const stored = isScalar(value) ? place.convert(value) : undefined;
  if (stored === undefined) addMismatch(value, place, work, index);
  return stored;
}

function convertArray(value: JsonValue, place: ColumnPlace, work: Work) {
  if (!Array.isArray(value)) return addMismatch(value, place, work);
  return value.map((one, index): StoredScalar | null => {
    if (one === null) return null;
    return convertOne(one, place, work, index) ?? null;
  });
}

function addMismatch(value: JsonValue, place: ColumnPlace, work: Work, index?: number): undefined {
  const { column, pointer } = place;
  const { id, type, inputFormat } = column;
  const wanted = index === undefined ? type : scalarOf(type);
  const expected = inputFormat === null ? wanted : `${wanted} as ${inputFormat}`;
  const [code, what] = reasonOf(value, place, expected);
  mismatchesOf(work).add(pointer, code, () => {
    const valuePointer = index === undefined ? pointer : pointerTo(pointer, index);
    return mismatch(code, id, valuePointer, expected, briefJson(value), what);
  });
}

/** The code, and what is wrong. */
function reasonOf(
  value: JsonValue,
  { column: { type }, localToUtc }: ColumnPlace,
  expected: string,
): readonly [JobErrorCode, string] {
  const scalar = scalarOf(type);
  if (scalar === 'NUMERIC' && isRoundedNumber(value)) return ['NUMBER_OUT_OF_RANGE', ROUNDED];
  if (scalar === 'TEXT' && typeof value === 'string' && !value.isWellFormed()) return ['INVALID_TEXT', HALF];
  const isIso = expected === 'DATETIME' && typeof value === 'string';
  const fault = isIso ? dateTimeFault(value, localToUtc) : null;
  const reason = fault === null ? '' : `: it ${fault}`;
  return ['CONVERSION_FAILED', `cannot be converted to ${expected}, which the design requires for the column${reason}`];
}

const ROUNDED = 'would be rounded as a number; make the column TEXT, which keeps all digits';
const HALF = 'holds half of a surrogate pair; a text column takes only well-formed Unicode';

function mismatchesOf(work: Work): RecordMismatches {
  work.mismatches ??= new RecordMismatches();
  return work.mismatches;
}

function isScalar(value: JsonValue): value is Exclude<JsonScalar, null> {
  return typeof value !== 'object' || value instanceof ExactNumber;
}

/** Reads only own keys. A record without a key `constructor` must not give the function that every object inherits under that name. */
function member(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A row's values as users see them: by column id, with null for missing values and dates as ISO 8601 in UTC. */
export function publicValues(columns: readonly Column[], values: StoredValues): Record<string, unknown> {
  const shown: Record<string, unknown> = Object.create(null);
  for (const { id, storedKey, enabled } of columns) {
    if (enabled) shown[id] = publicValue(values[storedKey]);
  }
  return shown;
}

function publicValue(value: StoredValue | null | undefined): unknown {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(publicValue) : (value ?? null);
}
