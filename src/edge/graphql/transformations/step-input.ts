import { Field, InputType } from 'type-graphql';
import { OperandsInput } from './arithmetic-inputs.js';

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
}
