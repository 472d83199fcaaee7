import type { JobErrorCode, Mismatch } from '../job/job.js';
import { RecordMismatches } from '../job/record-mismatches.js';
import { ExactNumber, isJsonObject, type JsonObject, type JsonScalar, type JsonValue } from '../json/json-value.js';
import { pointerTo } from '../json/pointer.js';
import { stringifyJson } from '../json/stringify-json.js';
import { childrenByParent } from '../sample/children-by-parent.js';
import { dateTimeFault, type LocalToUtc } from '../sample/date-time.js';
import { mismatch } from '../sample/value-check.js';
import { type Column, hasNoValueInRows, isObjectArray, isTaken } from './column.js';
import { isArrayType, scalarOf } from './conversions.js';
import { type ConvertScalar, isRoundedNumber, scalarConversion } from './convert-value.js';
import { ObjectArray, type RecordPlace } from './object-array.js';
import { RowBuilder } from './row-builder.js';
import type { StoredScalar } from './stored-value.js';
import { compileTimeZone } from './time-zone.js';
import type { WorkingRow } from './working-row.js';

/** The values of a record's row, and its arrays of objects. `mismatches` has the values that could not be converted, which the row lacks; null if there are none. */
export interface Converted extends WorkingRow {
  readonly mismatches: RecordMismatches | null;
}

/** Where an object is that is converted: the record itself, or an element of an array in it. */
export interface ElementPlace extends RecordPlace {
  /** The id of the step that takes the element. */
  readonly step?: string;
}

const WHOLE_RECORD: ElementPlace = { pointer: '', kindPointer: '' };

interface Work {
  readonly values: WorkingRow['values'];
  arrays: Record<string, ObjectArray | undefined> | null;
  mismatches: RecordMismatches | null;
  /** Where the object is that is converted. */
  readonly base: ElementPlace;
}

/** Reads its values from an object and puts them into the row. */
type Take = (object: JsonObject, work: Work) => void;

/**
 * Compiles the conversion of a record to the values of its row, by stored key. Values that cannot be converted are mismatches. Nulls, missing keys and disabled columns give no
 * value. The record need not have passed the structure check: a record pushed under an earlier sample may have another shape. That is a mismatch if an enabled column would lose
 * a value. `whole`: the ids of the objects and arrays of objects that steps read. Mismatches do not show values of columns that are `sensitive`, as {@link withSensitivity} sets it.
 */
export function compileConversion(
  columns: readonly Column[],
  whole: ReadonlySet<string> = NONE,
): (record: JsonObject) => Converted {
  const children = childrenByParent(columns.filter(({ origin }) => origin === 'SAMPLE'));
  const take = takeChildren(null, '', { children, takesWhole: ({ id }) => whole.has(id) });
  const builder = new RowBuilder(columns.filter(isTaken).map(({ storedKey }) => storedKey));
  return (record) => {
    const work: Work = { values: builder.begin(), arrays: null, mismatches: null, base: WHOLE_RECORD };
    take?.(record, work);
    return { values: builder.take(), arrays: work.arrays, mismatches: work.mismatches };
  };
}

const NONE: ReadonlySet<string> = new Set();

/** Adds the values of an array's element to a row. Returns those that cannot be converted; null if there are none. */
export type TakeElement = (element: JsonObject, row: WorkingRow, place: ElementPlace) => RecordMismatches | null;

/** Compiles {@link TakeElement}: values for these columns inside the array, and the objects and arrays of objects inside it if steps may read them later. */
export function compileElement(columns: readonly Column[], { id }: Column, takesWhole: boolean): TakeElement {
  const take = takeChildren(id, '', { children: childrenByParent(columns), takesWhole: () => takesWhole });
  return (element, row, place) => {
    const work: Work = { values: row.values, arrays: null, mismatches: null, base: place };
    take?.(element, work);
    if (work.arrays) row.arrays = { ...row.arrays, ...work.arrays };
    return work.mismatches;
  };
}

/** The columns of a conversion. */
interface Taken {
  readonly children: ReadonlyMap<string | null, readonly Column[]>;
  /** Whether a step may read an object or an array of objects. */
  readonly takesWhole: (column: Column) => boolean;
}

/** Null if nothing below is taken. */
function takeChildren(parent: string | null, place: string, taken: Taken): Take | null {
  const takes = (taken.children.get(parent) ?? []).flatMap((column): Take[] => {
    const pointer = pointerTo(place, column.key);
    if (isObjectArray(column)) return taken.takesWhole(column) ? [takeArray(column, pointer)] : [];
    if (hasNoValueInRows(column)) {
      const below = takeChildren(column.id, pointer, taken);
      const takesWhole = taken.takesWhole(column);
      return below || takesWhole ? [takeObject(column, pointer, { below, takesWhole })] : [];
    }
    return isTaken(column) ? [takeValue(column, pointer)] : [];
  });
  if (takes.length === 0) return null;
  return (object, work) => {
    for (const take of takes) take(object, work);
  };
}

function takeObject(
  column: Column,
  pointer: string,
  { below, takesWhole }: { readonly below: Take | null; readonly takesWhole: boolean },
): Take {
  return (object, work) => {
    const value = member(object, column.key);
    if (value === undefined || value === null) return;
    if (!isJsonObject(value)) {
      refuseShape(work, column, pointer, value, NO_OBJECT);
      return;
    }
    if (takesWhole) keepWhole(work, column, pointer, [value]);
    below?.(value, work);
  };
}

function takeArray(column: Column, pointer: string): Take {
  return (object, work) => {
    const value = member(object, column.key);
    if (value === undefined || value === null) return;
    if (Array.isArray(value) && value.every(isElement)) keepWhole(work, column, pointer, value);
    else refuseShape(work, column, pointer, value, NO_OBJECTS);
  };
}

function keepWhole(work: Work, { storedKey }: Column, place: string, elements: ObjectArray['elements']): void {
  const { pointer, kindPointer } = work.base;
  work.arrays ??= {};
  work.arrays[storedKey] = new ObjectArray(elements, { pointer: pointer + place, kindPointer: kindPointer + place });
}

function isElement(value: JsonValue): value is JsonObject | null {
  return value === null || isJsonObject(value);
}

function refuseShape(
  work: Work,
  { id, sourceType, sensitive: isHidden }: Column,
  place: string,
  value: JsonValue,
  what: string,
): void {
  const pointer = work.base.pointer + place;
  const describe = () => mismatch('CONVERSION_FAILED', id, pointer, sourceType, { value, isHidden }, what);
  refuse(work, place, 'CONVERSION_FAILED', describe);
}

const NO_OBJECTS =
  'is not an array of objects, but a step of the design reads it as one; delete the record, set the field to null in it, or disable that step';
const NO_OBJECT =
  'is not an object, but columns of the design are inside it; delete the record, set the field to null in it, disable those columns, or store the whole field as text (undetermined: true)';

/** A column, the JSON Pointer of its values below the object that has them, and how to convert them. */
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
    if (stored !== null && stored !== undefined) work.values[storedKey] = stored;
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
  const { column } = place;
  const pointer = work.base.pointer + place.pointer;
  const { id, type, inputFormat, sensitive: isHidden } = column;
  const wanted = index === undefined ? type : scalarOf(type);
  const expected = inputFormat === null ? wanted : `${wanted} as ${inputFormat}`;
  const [code, what] = reasonOf(value, place, expected);
  refuse(work, place.pointer, code, () => {
    const valuePointer = index === undefined ? pointer : pointerTo(pointer, index);
    return mismatch(code, id, valuePointer, expected, { value, isHidden }, what);
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

/** `pointer` is relative to the object. */
function refuse(work: Work, pointer: string, code: JobErrorCode, describe: () => Mismatch): void {
  work.mismatches ??= new RecordMismatches();
  const { kindPointer, step } = work.base;
  if (step === undefined) work.mismatches.add(kindPointer + pointer, code, describe);
  else work.mismatches.add(kindPointer + pointer, code, () => ({ ...describe(), step }), step);
}

function isScalar(value: JsonValue): value is Exclude<JsonScalar, null> {
  return typeof value !== 'object' || value instanceof ExactNumber;
}

/** Reads only own keys. A record without a key `constructor` must not give the function that every object inherits under that name. */
function member(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
