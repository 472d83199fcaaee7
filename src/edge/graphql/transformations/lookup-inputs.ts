import { Field, ID, InputType } from 'type-graphql';
import { columnId } from '../input-bounds.js';

@InputType({ description: 'The value of one unique identifier of the dataset that is looked up.' })
class LookupKeyInput {
  @columnId()
  @Field(() => ID, { description: 'The id of a column that is a unique identifier of that dataset.' })
  identifier: string;

  @columnId()
  @Field(() => ID, { description: 'The id of a column of this design, of the same type, that has the value.' })
  column: string;
}

@InputType({ description: 'A column of a record of another dataset, which is found by its unique identifiers.' })
export class LookupInput {
  @Field(() => ID, {
    description:
      'The id of the dataset to look up. It must have an applied design with a unique identifier, and must not look up this dataset, directly or through others.',
  })
  dataset: string;

  @Field(() => [LookupKeyInput], { description: 'One entry for each unique identifier of that dataset.' })
  by: LookupKeyInput[];

  @columnId()
  @Field(() => ID, { description: 'The id of the column of that dataset that gives the value.' })
  take: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it is an error if that dataset has no such record. By default the step gives null. A null in one of the columns always gives null.',
  })
  required?: boolean | null;
}
