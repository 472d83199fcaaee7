import { Field, Float, ID, InputType } from 'type-graphql';
import { columnId } from '../input-bounds.js';

@InputType({ description: 'A number: the value of a column, or a constant. Give one of the two.' })
export class NumberOperandInput {
  @columnId()
  @Field(() => ID, { nullable: true, description: 'The id of a NUMERIC column.' })
  column?: string | null;

  @Field(() => Float, { nullable: true, description: 'A constant.' })
  constant?: number | null;
}

@InputType({ description: 'Numbers that a step combines, from the first to the last.' })
export class OperandsInput {
  @Field(() => [NumberOperandInput], {
    description: '2 to 20 numbers, in their order. If one of them is null, the result is null.',
  })
  operands: NumberOperandInput[];
}
