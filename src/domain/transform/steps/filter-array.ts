import type { RecordFilterInput } from '../../query/parse-filter.js';
import { arrayInput, picked } from '../array-input.js';
import { StepError } from '../step-error.js';
import type { StepKind } from '../step-kind.js';

/** Keeps the elements of an array that satisfy a condition. */
export interface FilterArrayStep {
  readonly column: string;
  readonly where: RecordFilterInput;
}

export const filterArray: StepKind<FilterArrayStep> = {
  plan({ column, where }, inputs) {
    const { type, onlyInto, read, condition } = arrayInput(column, inputs);
    const holds = condition(where, 'where');
    return {
      type,
      onlyInto,
      compute(row, context) {
        const array = read(row, context);
        if (array === null) return null;
        const kept = holds(array, context.work);
        if (kept instanceof StepError) return kept;
        return picked(
          array,
          kept.flatMap((isKept, position) => (isKept ? [position] : [])),
        );
      },
    };
  },
};
