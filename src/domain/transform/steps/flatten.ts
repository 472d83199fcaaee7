import { scalarOf } from '../../design/conversions.js';
import { compileElement } from '../../design/convert-record.js';
import type { WorkingRow } from '../../design/working-row.js';
import { flattenedObjects, holdsObjects } from '../object-inputs.js';
import { MAX_ROWS_OF_RECORD } from '../result-limits.js';
import type { StepInputs } from '../step-inputs.js';
import type { RowsPlan, StepKind } from '../step-kind.js';

/** Gives one row for each element of an array. */
export interface FlattenStep {
  readonly column: string;
  /** Whether a row with an empty array, or none, stays. */
  readonly keepEmpty: boolean;
}

const EMPTY = 'its array is empty';

/** Of an array of objects, the columns inside it get the values of the element. Of another array, the created column gets the element. */
export const flatten: StepKind<FlattenStep, RowsPlan> = {
  plan(step: FlattenStep, inputs: StepInputs): RowsPlan {
    return holdsObjects(step.column, inputs) ? flattenObjects(step, inputs) : flattenScalars(step, inputs);
  },
};

function flattenObjects({ column, keepEmpty }: FlattenStep, inputs: StepInputs): RowsPlan {
  const { read, columns, array } = flattenedObjects(column, inputs);
  const take = array ? compileElement(columns, array, true) : () => null;
  return {
    creates: null,
    removal: EMPTY,
    expand(row, _, { step, ignoresErrors }) {
      const found = read(row);
      if (!found || found.elements.length === 0) return keepEmpty ? [row] : [];
      if (found.elements.length > MAX_ROWS_OF_RECORD) return 'TOO_MANY_ROWS';
      const rows: WorkingRow[] = [];
      for (const [position, element] of found.elements.entries()) {
        const copy = { values: { ...row.values }, arrays: row.arrays };
        const { pointer, kindPointer } = found.placeOf(position);
        const mismatches = element && take(element, copy, { pointer, kindPointer, step });
        if (mismatches && !ignoresErrors) return mismatches;
        rows.push(copy);
      }
      return rows;
    },
  };
}

function flattenScalars({ column, keepEmpty }: FlattenStep, inputs: StepInputs): RowsPlan {
  const { type, read } = inputs.array(column);
  return {
    creates: { type: scalarOf(type), isOptional: false },
    removal: EMPTY,
    expand(row, context, { target }) {
      const elements = read(row, context);
      if (!elements || elements.length === 0) return keepEmpty ? [row] : [];
      if (elements.length > MAX_ROWS_OF_RECORD) return 'TOO_MANY_ROWS';
      return elements.map((element) => {
        const values = { ...row.values };
        if (target !== null) values[target] = element ?? undefined;
        return { values, arrays: row.arrays };
      });
    },
  };
}
