import { Field, InputType } from 'type-graphql';
import {
  AggregateArrayInput,
  DistinctArrayInput,
  FilterArrayInput,
  SelectItemInput,
  SortArrayInput,
} from './array-inputs.js';
import { CopyRecordInput, FlattenInput, RemoveColumnInput, RemoveRecordInput } from './row-inputs.js';
import { ValueStepFields } from './value-step-fields.js';

const NULLABLE = { nullable: true } as const;

@InputType({ description: 'What a transformation does. Give exactly one of these fields.' })
export class StepInput extends ValueStepFields {
  @Field(() => FilterArrayInput, {
    ...NULLABLE,
    description:
      'Keeps the elements of an array that satisfy a condition. The result of an array of objects can only update that array. Gives the type of the array.',
  })
  filterArray?: FilterArrayInput | null;

  @Field(() => SelectItemInput, {
    ...NULLABLE,
    description:
      'Takes the first or last element of an array, in its order or sorted. Null if the array is empty. Gives the type of the element, or of the column inside the array.',
  })
  selectItem?: SelectItemInput | null;

  @Field(() => AggregateArrayInput, {
    ...NULLABLE,
    description:
      'Computes one value from the elements of an array, such as their number or sum. Gives the type that the function says.',
  })
  aggregateArray?: AggregateArrayInput | null;

  @Field(() => DistinctArrayInput, {
    ...NULLABLE,
    description:
      'Keeps the first of equal elements of an array. The result of an array of objects can only update that array. Gives the type of the array.',
  })
  distinctArray?: DistinctArrayInput | null;

  @Field(() => SortArrayInput, {
    ...NULLABLE,
    description:
      'Sorts the elements of an array. The result of an array of objects can only update that array. Gives the type of the array.',
  })
  sortArray?: SortArrayInput | null;

  @Field(() => FlattenInput, {
    ...NULLABLE,
    description:
      'Gives one row for each element of an array. For an array of objects, the columns inside it, such as `items.sku`, get values in the rows; leave the output out. For an array of other values, the created column gets the element. A record has at most 10,000 rows.',
  })
  flatten?: FlattenInput | null;

  @Field(() => RemoveRecordInput, {
    ...NULLABLE,
    description:
      'Removes the rows that match a condition. After a flatten, each row of a record is looked at by itself. A record without rows is not in the dataset, but a later upsert or design can bring it back. Gives no value: leave the output out.',
  })
  removeRecord?: RemoveRecordInput | null;

  @Field(() => CopyRecordInput, {
    ...NULLABLE,
    description:
      'Gives a second row for each row, or for those that match a condition. The output may be left out, or create a BOOLEAN column: true in copies, false in other rows. Give {} to copy all.',
  })
  copyRecord?: CopyRecordInput | null;

  @Field(() => RemoveColumnInput, {
    ...NULLABLE,
    description:
      'Removes a column from the rows, after earlier steps have read it. It must not be a unique identifier. Gives no value: leave the output out.',
  })
  removeColumn?: RemoveColumnInput | null;
}
