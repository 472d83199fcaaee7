import { arrayInput, picked } from '../array-input.js';
import { type ElementOrder, sortedPositions } from '../element-order.js';
import { StepError } from '../step-error.js';
import type { StepKind } from '../step-kind.js';

/** Sorts the elements of an array. */
export interface SortArrayStep {
  readonly column: string;
  readonly orderBy: readonly ElementOrder[];
}

export const sortArray: StepKind<SortArrayStep> = {
  plan({ column, orderBy }, inputs) {
    const input = arrayInput(column, inputs);
    const positionsOf = sortedPositions(input, orderBy, inputs);
    return {
      type: input.type,
      onlyInto: input.onlyInto,
      compute(row, context) {
        const array = input.read(row, context);
        if (array === null) return null;
        const positions = positionsOf(array, context.work);
        return positions instanceof StepError ? positions : picked(array, positions);
      },
    };
  },
};
