import { type Column, hasNoValueInRows, isDisabledByUser } from '../design/column.js';
import { isScalarType, scalarOf } from '../design/conversions.js';
import { compileElement } from '../design/convert-record.js';
import { ObjectArray } from '../design/object-array.js';
import type { StoredScalar } from '../design/stored-value.js';
import type { WorkingRow } from '../design/working-row.js';
import { briefJson } from '../json/stringify-json.js';
import { compileFilter } from '../query/evaluate-filter.js';
import { columnsOfFilter, type RecordFilterInput } from '../query/parse-filter.js';
import { type ColumnType, SCALAR_TYPES } from '../sample/source-field.js';
import type { ColumnsAtStep } from './columns-at-step.js';
import { holdsObjects, objectsInput } from './object-inputs.js';
import type { Read } from './step-context.js';
import { StepError } from './step-error.js';
import type { StepInputs } from './step-inputs.js';
import type { WorkMeter } from './work-meter.js';

/** What reading a column of an object in an array costs, in units of work. */
const WORK_OF_OBJECT = 60;

type Scalars = readonly (StoredScalar | null)[];

/** The value of an array column. */
export type ArrayValue = Scalars | ObjectArray;

/** A value of each element of an array, or the error that prevents it. */
export interface ElementValues<T = StoredScalar | null> {
  readonly type: ColumnType;
  readonly of: (array: ArrayValue, work: WorkMeter) => readonly T[] | StepError;
}

/** An array of any kind that a step reads. What it says of the elements is the same for scalars and for objects. */
export interface ArrayInput {
  readonly type: ColumnType;
  /** Of an array of objects: its id. */
  readonly onlyInto: string | undefined;
  readonly read: Read<ArrayValue>;
  /** A scalar value of each element: of objects that of a column inside the array, of other arrays the element itself, without a column. */
  readonly values: (column: string | undefined, setting: string) => ElementValues;
  /** Whether each element satisfies a condition on the columns inside the array; in other arrays, on the array's own id, which is the element. */
  readonly condition: (where: RecordFilterInput, setting: string) => ElementValues<boolean>['of'];
}

/** An array column of any kind. */
export function arrayInput(id: string, inputs: StepInputs): ArrayInput {
  return holdsObjects(id, inputs) ? ofObjects(id, inputs) : ofScalars(id, inputs);
}

/** The array with only the elements at these positions, in this order. */
export function picked(array: ArrayValue, positions: readonly number[]): ArrayValue {
  return array instanceof ObjectArray ? array.pick(positions) : positions.map((position) => array[position] ?? null);
}

export function elementCount(array: ArrayValue): number {
  return array instanceof ObjectArray ? array.elements.length : array.length;
}

function ofScalars(id: string, inputs: StepInputs): ArrayInput {
  const { type, read } = inputs.array(id);
  const elementType = scalarOf(type);
  return {
    type,
    onlyInto: undefined,
    read,
    values(column, setting) {
      if (column !== undefined && column !== id)
        inputs.refuse(`${setting} is ${briefJson(column)}; ${briefJson(id)} has no objects: leave it out`);
      return { type: elementType, of: scalarsOf };
    },
    condition(where, setting) {
      const column = inputs.columns.get(id);
      const parsed = inputs.filter(
        where,
        (one) => (column && one === id ? { ...column, type: elementType } : undefined),
        setting,
      );
      if (!column || !parsed) return () => [];
      const holds = compileFilter(parsed);
      return (array, work) =>
        scalarsOf(array).map((element) => holds({ [column.storedKey]: element ?? undefined }, work));
    },
  };
}

function scalarsOf(array: ArrayValue): Scalars {
  return array instanceof ObjectArray ? [] : array;
}

function ofObjects(id: string, inputs: StepInputs): ArrayInput {
  const { array, read } = objectsInput(id, inputs);
  const known = (one: string) => (array ? readable(one, array, inputs.columns) : undefined);
  return {
    type: 'OBJECT_ARRAY',
    onlyInto: id,
    read,
    values(column, setting) {
      const found = column === undefined ? undefined : known(column);
      const fault = column === undefined ? 'give a column inside the array' : reasonAgainst(found, id);
      if (fault !== null) inputs.refuse(`${setting} is ${briefJson(column ?? null)}: ${fault}`);
      if (!array || !found || fault !== null) return { type: found?.type ?? 'TEXT', of: () => [] };
      const rows = rowsOf(array, [found], inputs.columns);
      const { storedKey, type } = found;
      // A column whose type is a scalar has no arrays.
      const of = (value: ArrayValue, work: WorkMeter) =>
        rows(value, work, (row) => (row.values[storedKey] ?? null) as StoredScalar | null);
      return { type, of };
    },
    condition(where, setting) {
      const parsed = inputs.filter(where, known, setting);
      if (!array || !parsed) return () => [];
      const named = columnsOfFilter(where).flatMap((one) => known(one) ?? []);
      const rows = rowsOf(array, named, inputs.columns);
      const holds = compileFilter(parsed);
      return (value, work) => rows(value, work, ({ values }) => holds(values, work));
    },
  };
}

/** A column inside an array as a step for arrays reads it; undefined if elements have no value of it, or if a user disabled it. */
function readable(id: string, array: Column, columns: ColumnsAtStep): Column | undefined {
  const column = columns.ofSample(id);
  if (!column || hasNoValueInRows(column)) return undefined;
  if (!columns.isInside(column, array) || columns.storedWholeAround(column)) return undefined;
  return isDisabledByUser(column) ? undefined : { ...column, enabled: true, disabledReason: null };
}

function reasonAgainst(column: Column | undefined, array: string): string | null {
  if (!column) return `no enabled column inside ${briefJson(array)} has this id`;
  return isScalarType(column.type) ? null : `the column is ${column.type}; the step takes ${SCALAR_TYPES.join(', ')}`;
}

/** Compiles a function that looks at the values which each element of an array of objects has for some columns. */
function rowsOf(array: Column, wanted: readonly Column[], columns: ColumnsAtStep) {
  const taken = new Map<string, Column>();
  for (const column of wanted) {
    taken.set(column.id, { ...column, enabled: true });
    for (const object of columns.objectsAround(column)) taken.set(object.id, object);
  }
  const take = compileElement([...taken.values()], array, false);
  return <T>(value: ArrayValue, work: WorkMeter, look: (row: WorkingRow) => T): readonly T[] | StepError => {
    if (!(value instanceof ObjectArray)) return [];
    work.spend(WORK_OF_OBJECT * value.elements.length);
    const found: T[] = [];
    for (const [position, element] of value.elements.entries()) {
      const row: WorkingRow = { values: {}, arrays: null };
      const mismatches = element && take(element, row, value.placeOf(position));
      const [mismatch] = mismatches?.kept ?? [];
      if (mismatch) return new StepError(mismatch.message);
      found.push(look(row));
    }
    return found;
  };
}
