import { Field, ID, InputType } from 'type-graphql';
import { columnId } from '../input-bounds.js';
import { RecordFilterObject } from '../inputs.js';

@InputType({ description: 'An array that gives rows.' })
export class FlattenInput {
  @columnId()
  @Field(() => ID, {
    description:
      'The id of an array column. An array inside another one can be flattened after that one. Each array of objects is flattened once.',
  })
  column: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether a row with an empty array, or with none, stays, without values for the elements.',
  })
  keepEmpty: boolean;
}

@InputType({ description: 'The rows to remove.' })
export class RemoveRecordInput {
  @Field(() => RecordFilterObject, {
    description:
      'The condition, in the filter language of queries, on the columns as earlier steps leave them. An empty filter matches every row.',
  })
  where: RecordFilterObject;
}

@InputType({ description: 'The rows to copy.' })
export class CopyRecordInput {
  @Field(() => RecordFilterObject, {
    nullable: true,
    description: 'The condition, in the filter language of queries. The default matches every row.',
  })
  where?: RecordFilterObject | null;
}

@InputType({ description: 'A column to remove.' })
export class RemoveColumnInput {
  @columnId()
  @Field(() => ID, { description: 'The id of an enabled column.' })
  column: string;
}
