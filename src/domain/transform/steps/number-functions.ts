import type { Read } from '../step-context.js';
import { StepError } from '../step-error.js';
import type { Operand, StepInputs } from '../step-inputs.js';
import type { StepKind, ValuePlan } from '../step-kind.js';

/** The column of a function of one number. */
export interface NumberStep {
  readonly column: string;
}

export interface LogStep {
  readonly column: string;
  readonly base: number;
}

export interface PowerStep {
  readonly base: Operand<number>;
  readonly exponent: Operand<number>;
}

function numberFunction(apply: (value: number) => number | StepError): StepKind<NumberStep> {
  return { plan: ({ column }: NumberStep, inputs: StepInputs) => computed(inputs.number(column), apply) };
}

function computed(read: Read<number>, apply: (value: number) => number | StepError): ValuePlan {
  return {
    type: 'NUMERIC',
    compute(row, context) {
      const value = read(row, context);
      return value === null ? null : apply(value);
    },
  };
}

// Adding 0 makes -0, which stores tell from 0, into 0.
export const floor = numberFunction((value) => Math.floor(value) + 0);
export const ceil = numberFunction((value) => Math.ceil(value) + 0);
export const absolute = numberFunction(Math.abs);
export const ln = numberFunction((value) => (value > 0 ? Math.log(value) : withoutLogarithm(value)));

export const log: StepKind<LogStep> = {
  plan({ column, base }: LogStep, inputs: StepInputs): ValuePlan {
    if (!(base > 0) || base === 1) inputs.refuse(`base is ${base}; give a number above 0 except 1`);
    return computed(inputs.number(column), (value) => (value > 0 ? logarithm(value, base) : withoutLogarithm(value)));
  },
};

export const power: StepKind<PowerStep> = {
  plan({ base, exponent }: PowerStep, inputs: StepInputs): ValuePlan {
    const readBase = inputs.numberOperand(base, 'base');
    const readExponent = inputs.numberOperand(exponent, 'exponent');
    return {
      type: 'NUMERIC',
      compute(row, context) {
        const a = readBase(row, context);
        const b = readExponent(row, context);
        return a === null || b === null ? null : raised(a, b);
      },
    };
  },
};

function withoutLogarithm(value: number): StepError {
  return new StepError(`${value} has no logarithm; give a number above 0`);
}

/** Whole where it is whole: the quotient for 125 in base 5 is a little above 3. */
function logarithm(value: number, base: number): number {
  if (base === 10) return Math.log10(value);
  if (base === 2) return Math.log2(value);
  const quotient = Math.log(value) / Math.log(base);
  const whole = Math.round(quotient);
  return base ** whole === value ? whole + 0 : quotient;
}

function raised(base: number, exponent: number): number | StepError {
  if (base === 0 && exponent < 0) return new StepError(`0 cannot be raised to ${exponent}, which divides by zero`);
  if (base < 0 && !Number.isInteger(exponent)) {
    return new StepError(`${base} cannot be raised to ${exponent}; a negative number takes whole exponents`);
  }
  return base ** exponent + 0;
}
