import { readsOfOneType, type ValueOperand } from '../same-type.js';
import type { StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

export interface CoalesceStep {
  readonly values: readonly ValueOperand[];
}

const MAX_COALESCED_VALUES = 20;

/** The first value that is not null. */
export const coalesce: StepKind<CoalesceStep> = {
  plan({ values }: CoalesceStep, inputs: StepInputs): ValuePlan {
    if (values.length < 2 || values.length > MAX_COALESCED_VALUES) {
      inputs.refuse(`values has ${values.length} entries; give 2 to ${MAX_COALESCED_VALUES}`);
    }
    const { type, reads } = readsOfOneType(
      values.map((value, index) => ({ value, setting: `values[${index}]` })),
      inputs,
    );
    return {
      type,
      compute(row, context) {
        for (const read of reads) {
          const value = read(row, context);
          if (value !== null) return value;
        }
        return null;
      },
    };
  },
};
