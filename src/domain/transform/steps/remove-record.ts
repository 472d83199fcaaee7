import type { RecordFilterInput } from '../../query/parse-filter.js';
import type { RowsPlan, StepKind } from '../step-kind.js';

/** Removes the rows that match a condition. A record without rows is not in the dataset. */
export interface RemoveRecordStep {
  readonly where: RecordFilterInput;
}

export const removeRecord: StepKind<RemoveRecordStep, RowsPlan> = {
  plan({ where }, inputs) {
    const isRemoved = inputs.condition(where, 'where');
    return {
      creates: null,
      removal: 'its condition matches',
      expand: (row, context) => (isRemoved(row, context) ? [] : [row]),
    };
  },
};
