import type { RecordFilterInput } from '../../query/parse-filter.js';
import { readsOfOneType, type ValueOperand } from '../same-type.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

/** A value that is left out is null. */
export interface IfElseStep {
  readonly branches: readonly { readonly where: RecordFilterInput; readonly value?: ValueOperand }[];
  readonly else?: ValueOperand;
}

const MAX_BRANCHES = 50;

/** The value of the first branch whose condition holds. */
export const ifElse: StepKind<IfElseStep> = {
  plan({ branches, else: other = {} }: IfElseStep, inputs: StepInputs): ValuePlan {
    if (branches.length < 1 || branches.length > MAX_BRANCHES) {
      inputs.refuse(`branches has ${branches.length} entries; give 1 to ${MAX_BRANCHES}`);
    }
    const conditions = branches.map(({ where }, index) => inputs.condition(where, `branches[${index}].where`));
    const choices = branches.map(({ value = {} }, index) => ({ value, setting: `branches[${index}].value` }));
    const { type, reads } = readsOfOneType([...choices, { value: other, setting: 'else' }], inputs);
    return {
      type,
      compute(row, context) {
        // -1, no match, is the last value: that of `else`.
        const matching = conditions.findIndex((holds) => holds(row, context));
        return reads.at(matching)?.(row, context) ?? null;
      },
    };
  },
};
