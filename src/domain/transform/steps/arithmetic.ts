import type { WorkingRow } from '../../design/working-row.js';
import type { Read, StepContext } from '../step-context.js';
import { StepError } from '../step-error.js';
import type { Operand, StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

/** Operands in their order: columns and constants. */
export interface OperandsStep {
  readonly operands: readonly Operand<number>[];
}

const MAX_OPERANDS = 20;

/** A step that combines two numbers or more, from the first to the last. */
function arithmetic(combine: (a: number, b: number) => number | StepError): StepKind<OperandsStep> {
  return {
    plan({ operands }: OperandsStep, inputs: StepInputs): ValuePlan {
      if (operands.length < 2 || operands.length > MAX_OPERANDS) {
        inputs.refuse(`operands has ${operands.length} entries; give 2 to ${MAX_OPERANDS}`);
      }
      const reads = operands.map((operand, index) => inputs.numberOperand(operand, `operands[${index}]`));
      return { type: 'NUMERIC', compute: combined(reads, combine) };
    },
  };
}

function combined(
  [first, ...others]: readonly Read<number>[],
  combine: (a: number, b: number) => number | StepError,
): (row: WorkingRow, context: StepContext) => number | StepError | null {
  return (row, context) => {
    let result = first?.(row, context) ?? null;
    for (const read of others) {
      const next = read(row, context);
      if (result === null || next === null) return null;
      const both = combine(result, next);
      if (both instanceof StepError) return both;
      result = both;
    }
    return result;
  };
}

export const add = arithmetic((a, b) => a + b);
export const subtract = arithmetic((a, b) => a - b);
export const multiply = arithmetic((a, b) => a * b);
export const divide = arithmetic((a, b) => (b === 0 ? new StepError(`${a} cannot be divided by zero`) : a / b));
export const modulo = arithmetic((a, b) => (b === 0 ? new StepError(`${a} has no remainder by zero`) : a % b));
