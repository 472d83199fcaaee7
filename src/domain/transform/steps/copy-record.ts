import type { RecordFilterInput } from '../../query/parse-filter.js';
import type { RowsPlan, StepKind } from '../step-kind.js';

/** Gives a second row for each row, or for those that match a condition. */
export interface CopyRecordStep {
  readonly where?: RecordFilterInput | undefined;
}

/** The created column, if there is one, is true in copies and false in other rows. */
export const copyRecord: StepKind<CopyRecordStep, RowsPlan> = {
  plan({ where }, inputs) {
    const isCopied = where === undefined ? () => true : inputs.condition(where, 'where');
    return {
      creates: { type: 'BOOLEAN', isOptional: true },
      removal: null,
      expand(row, context, { target }) {
        if (target !== null) row.values[target] = false;
        if (!isCopied(row, context)) return [row];
        const values = { ...row.values };
        if (target !== null) values[target] = true;
        return [row, { values, arrays: row.arrays }];
      },
    };
  },
};
