import { Field, ID, InputType } from 'type-graphql';
import type { JsonValue } from '../../../domain/json/json-value.js';
import { RecordFilterObject } from '../inputs.js';
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

@InputType({ description: 'One branch of an ifElse step.' })
class BranchInput {
  @Field(() => RecordFilterObject, {
    description:
      'The condition, in the filter language of queries, on the columns as earlier steps leave them. Null matches only IS_NULL and negated conditions; an empty filter always matches.',
  })
  where: RecordFilterObject;

  @Field(() => ValueOperandInput, { nullable: true, description: 'The value if it matches. The default is null.' })
  value?: ValueOperandInput | null;
}

@InputType({ description: 'Values that a step chooses from by conditions.' })
export class IfElseInput {
  @Field(() => [BranchInput], {
    description:
      '1 to 50 branches, in their order. All values, with that of `else`, have one type: that of the columns, or of the first constant if there is no column.',
  })
  branches: BranchInput[];

  @Field(() => ValueOperandInput, {
    nullable: true,
    description: 'The value if no condition matches. The default is null.',
  })
  else?: ValueOperandInput | null;
}
