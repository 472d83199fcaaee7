import { OperandsInput } from './arithmetic-inputs.js';
import { LogInput, NumberColumnInput, PowerInput, RoundInput } from './number-inputs.js';
import type { StepFields } from './step-fields.js';

/** Steps that compute numbers. */
export const NUMBER_STEPS = {
  add: {
    settings: OperandsInput,
    description: 'Adds numbers. Gives NUMERIC.',
  },
  subtract: {
    settings: OperandsInput,
    description: 'Subtracts all other numbers from the first. Gives NUMERIC.',
  },
  multiply: {
    settings: OperandsInput,
    description: 'Multiplies numbers. Gives NUMERIC.',
  },
  divide: {
    settings: OperandsInput,
    description: 'Divides the first number by all others. Division by zero is an error. Gives NUMERIC.',
  },
  modulo: {
    settings: OperandsInput,
    description:
      'The remainder of the first number divided by the others; it has the sign of the first. A divisor of zero is an error. Gives NUMERIC.',
  },
  round: {
    settings: RoundInput,
    description: 'Rounds a number to a number of decimals. Gives NUMERIC.',
  },
  floor: {
    settings: NumberColumnInput,
    description:
      'The largest whole number that is not above the number: 1.5 gives 1, and -1.5 gives -2. Gives NUMERIC.',
  },
  ceil: {
    settings: NumberColumnInput,
    description:
      'The smallest whole number that is not below the number: 1.5 gives 2, and -1.5 gives -1. Gives NUMERIC.',
  },
  absolute: {
    settings: NumberColumnInput,
    description: 'The number without its sign. Gives NUMERIC.',
  },
  ln: {
    settings: NumberColumnInput,
    description: 'The natural logarithm of the number. Zero or less is an error. Gives NUMERIC.',
  },
  log: {
    settings: LogInput,
    description: 'The logarithm of a number to a base. Zero or less is an error. Gives NUMERIC.',
  },
  power: {
    settings: PowerInput,
    description: 'Raises a number to a power. Gives NUMERIC.',
  },
} as const satisfies StepFields;
