import { Field, InputType } from 'type-graphql';
import { OperandsInput } from './arithmetic-inputs.js';
import { LogInput, NumberColumnInput, PowerInput, RoundInput } from './number-inputs.js';

const NULLABLE = { nullable: true } as const;

@InputType({ description: 'What a transformation does. Give exactly one of these fields.' })
export class StepInput {
  @Field(() => OperandsInput, { ...NULLABLE, description: 'Adds numbers. Gives NUMERIC.' })
  add?: OperandsInput | null;

  @Field(() => OperandsInput, {
    ...NULLABLE,
    description: 'Subtracts all other numbers from the first. Gives NUMERIC.',
  })
  subtract?: OperandsInput | null;

  @Field(() => OperandsInput, { ...NULLABLE, description: 'Multiplies numbers. Gives NUMERIC.' })
  multiply?: OperandsInput | null;

  @Field(() => OperandsInput, {
    ...NULLABLE,
    description: 'Divides the first number by all others. Division by zero is an error. Gives NUMERIC.',
  })
  divide?: OperandsInput | null;

  @Field(() => OperandsInput, {
    ...NULLABLE,
    description:
      'The remainder of the first number divided by the others; it has the sign of the first. A divisor of zero is an error. Gives NUMERIC.',
  })
  modulo?: OperandsInput | null;

  @Field(() => RoundInput, {
    ...NULLABLE,
    description: 'Rounds a number to a number of decimals. Gives NUMERIC.',
  })
  round?: RoundInput | null;

  @Field(() => NumberColumnInput, {
    ...NULLABLE,
    description:
      'The largest whole number that is not above the number: 1.5 gives 1, and -1.5 gives -2. Gives NUMERIC.',
  })
  floor?: NumberColumnInput | null;

  @Field(() => NumberColumnInput, {
    ...NULLABLE,
    description:
      'The smallest whole number that is not below the number: 1.5 gives 2, and -1.5 gives -1. Gives NUMERIC.',
  })
  ceil?: NumberColumnInput | null;

  @Field(() => NumberColumnInput, {
    ...NULLABLE,
    description: 'The number without its sign. Gives NUMERIC.',
  })
  absolute?: NumberColumnInput | null;

  @Field(() => NumberColumnInput, {
    ...NULLABLE,
    description: 'The natural logarithm of the number. Zero or less is an error. Gives NUMERIC.',
  })
  ln?: NumberColumnInput | null;

  @Field(() => LogInput, {
    ...NULLABLE,
    description: 'The logarithm of a number to a base. Zero or less is an error. Gives NUMERIC.',
  })
  log?: LogInput | null;

  @Field(() => PowerInput, {
    ...NULLABLE,
    description: 'Raises a number to a power. Gives NUMERIC.',
  })
  power?: PowerInput | null;
}
