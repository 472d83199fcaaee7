import { type Column, hasNoValueInRows, isObjectArray } from '../design/column.js';
import type { ObjectArray } from '../design/object-array.js';
import type { WorkingRow } from '../design/working-row.js';
import { briefJson, stringifyJson } from '../json/stringify-json.js';
import type { Read } from './step-context.js';
import type { StepInputs } from './step-inputs.js';

/** An array of objects that a step reads, and the columns inside it. */
export interface ObjectsInput {
  /** Undefined if the step cannot read it. */
  readonly array: Column | undefined;
  readonly columns: readonly Column[];
  readonly read: (row: WorkingRow) => ObjectArray | null;
}

/** Whether a column of the sample is an array of objects, even if it is stored whole as text, which {@link objectsInput} refuses. */
export function holdsObjects(id: string, { columns }: StepInputs): boolean {
  return columns.ofSample(id)?.sourceType === 'OBJECT_ARRAY';
}

/** An array of objects, for which {@link holdsObjects} is true. */
export function objectsInput(id: string, inputs: StepInputs): ObjectsInput {
  const storedKey = inputs.whole(id);
  const array = inputs.columns.get(id);
  if (!array || storedKey === undefined) return { array: undefined, columns: [], read: () => null };
  return { array, columns: inputs.columns.inside(array), read: ({ arrays }) => arrays?.[storedKey] ?? null };
}

/** The array of objects that a step flattens. */
export function flattenedObjects(id: string, inputs: StepInputs): ObjectsInput {
  const input = objectsInput(id, inputs);
  if (inputs.columns.isFlattened(id))
    inputs.refuse(`column is ${briefJson(id)}: a step before this one flattens it, which is possible once`);
  inputs.flattens(input.array);
  return input;
}

/** Reads an object or an array of objects as JSON text; null if the column is neither. */
export function wholeAsText(id: string, inputs: StepInputs): Read<string> | null {
  const column = inputs.columns.get(id);
  if (!column || !hasNoValueInRows(column)) return null;
  const storedKey = inputs.whole(id) ?? '';
  const isArray = isObjectArray(column);
  return ({ arrays }) => {
    const elements = arrays?.[storedKey]?.elements;
    return elements ? stringifyJson(isArray ? elements : elements[0]) : null;
  };
}
