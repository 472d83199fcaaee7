import type { StoredValue } from '../design/stored-value.js';
import { isNumber } from '../json/exact-number.js';
import type { JsonValue } from '../json/json-value.js';
import { briefJson } from '../json/stringify-json.js';
import { type ColumnType, SCALAR_ARRAY_TYPES, SCALAR_TYPES } from '../sample/source-field.js';
import type { Read } from './step-context.js';
import type { StepInputs } from './step-inputs.js';
import { valueOfType } from './value-of-type.js';

/** A column by its id, a constant of any type, or neither: null. */
export interface ValueOperand {
  readonly column?: string | undefined;
  readonly constant?: JsonValue | undefined;
}

/** A candidate value, and the name of its setting. */
export interface Choice {
  readonly value: ValueOperand;
  readonly setting: string;
}

interface First {
  readonly type: ColumnType;
  readonly setting: string;
}

const ROW_TYPES: readonly ColumnType[] = [...SCALAR_TYPES, ...SCALAR_ARRAY_TYPES];

/** Reads values that must all have the same type: the type of the first column, or of the first constant if there is no column. */
export function readsOfOneType(
  choices: readonly Choice[],
  inputs: StepInputs,
): { readonly type: ColumnType; readonly reads: readonly Read<StoredValue>[] } {
  let first: First | undefined;
  const columns = choices.map(({ value: { column, constant }, setting }) => {
    if (column === undefined) return undefined;
    if (constant !== undefined) inputs.refuse(`${setting} has a column and a constant; give only one of them`);
    const { type, read } = inputs.ofTypes<StoredValue>(column, ROW_TYPES, setting);
    if (type === undefined) return read;
    first ??= { type, setting };
    if (type !== first.type) {
      const others = `${first.setting} is ${first.type}`;
      inputs.refuse(
        `${setting} is ${briefJson(column)}: the column is ${type}, and ${others}; give values of one type`,
      );
    }
    return read;
  });
  const type = first?.type ?? typeOfFirst(choices);
  const reads = choices.map(({ value, setting }, index) => columns[index] ?? constantOf(value, setting, type, inputs));
  return { type, reads };
}

function constantOf(
  { constant = null }: ValueOperand,
  setting: string,
  type: ColumnType,
  inputs: StepInputs,
): Read<StoredValue> {
  const value = valueOfType(constant, type);
  const isFine = value !== undefined && (typeof value !== 'string' || value.isWellFormed());
  if (!isFine) inputs.refuse(`${setting} is ${briefJson(constant)}; the values are ${type}: give such a constant`);
  return () => value ?? null;
}

function typeOfFirst(choices: readonly Choice[]): ColumnType {
  const constant = choices.find(({ value }) => value.constant !== undefined)?.value.constant ?? null;
  if (isNumber(constant)) return 'NUMERIC';
  return typeof constant === 'boolean' ? 'BOOLEAN' : 'TEXT';
}
