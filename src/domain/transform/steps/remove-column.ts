import type { RowsPlan, StepKind } from '../step-kind.js';

/** Removes a column from rows. Steps before it can read the column. */
export interface RemoveColumnStep {
  readonly column: string;
}

export const removeColumn: StepKind<RemoveColumnStep, RowsPlan> = {
  plan({ column }, inputs) {
    const storedKey = inputs.removes(column);
    return {
      creates: null,
      removal: null,
      expand(row) {
        row.values[storedKey] = undefined;
        return [row];
      },
    };
  },
};
