import { Field, ID, InputType } from 'type-graphql';
import type { JsonValue } from '../../../domain/json/json-value.js';
import { JsonScalar } from '../scalars.js';

@InputType({ description: 'A value: that of a column, or a constant. Give one of the two.' })
export class ValueOperandInput {
  @Field(() => ID, { nullable: true, description: 'The id of a column.' })
  column?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'A constant: a text, a number, true or false. A DATETIME is ISO 8601; without an offset it is UTC.',
  })
  constant?: JsonValue;
}

@InputType({ description: 'Values of which a step gives the first that is not null.' })
export class CoalesceInput {
  @Field(() => [ValueOperandInput], {
    description:
      '2 to 20 values, in their order, all of one type: that of the columns, or of the first constant if there is no column.',
  })
  values: ValueOperandInput[];
}
