import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { MismatchPolicy } from '../../domain/design/design.js';
import type { DocumentUpdateMethod as UpdateMethod } from '../../domain/job/job.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import type { FilterOperator } from '../../domain/query/parse-filter.js';
import { JsonScalar } from './scalars.js';
import {
  ConnectionType,
  Direction,
  DocumentUpdateMethod,
  FilterOperators,
  MismatchPolicyNames,
} from './types/enums.js';

const SAMPLE =
  'A JSON object, or a non-empty array of them that are merged: a field null in some is nullable, one absent from some is optional. A string is read as JSON text.';

@InputType({ description: 'A connection to be.' })
export class CreateConnectionInput {
  @Field({ description: 'For people: 1 to 200 characters.' })
  name: string;

  @Field(() => ConnectionType, { defaultValue: 'PUSH_API', description: 'How data comes in.' })
  type: 'PUSH_API';

  @Field(() => JsonScalar, { description: SAMPLE })
  sample: JsonValue;
}

@InputType({ description: 'Changes to a connection; what is absent stays.' })
export class UpdateConnectionInput {
  @Field(() => String, { nullable: true, description: 'For people: 1 to 200 characters.' })
  name?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: `${SAMPLE} Datasets that were applied keep the sample they were applied with.`,
  })
  sample?: JsonValue;
}

@InputType({ description: 'A dataset to be, on a connection or straight from a sample: give one of the two.' })
export class CreateDatasetInput {
  @Field({ description: 'For people: 1 to 200 characters.' })
  name: string;

  @Field(() => ID, { nullable: true, description: 'The connection to build on.' })
  connectionId?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: `Makes a connection of the same name. ${SAMPLE}`,
  })
  sample?: JsonValue;

  @Field({ defaultValue: false, description: 'Apply the design at once, so that the dataset can be pushed to.' })
  apply: boolean;

  @Field(() => MismatchPolicyNames, {
    defaultValue: 'FAIL',
    description: 'What becomes of a push with records that do not fit.',
  })
  mismatchPolicy: MismatchPolicy;
}

@InputType({ description: 'Records for a dataset.' })
export class PushDataInput {
  @Field(() => ID, { description: 'The dataset; its changes must have been applied.' })
  datasetId: string;

  @Field(() => JsonScalar, {
    description: 'A non-empty array of records: JSON objects with the keys of the sample.',
  })
  data: JsonValue;

  @Field(() => DocumentUpdateMethod, {
    defaultValue: 'REPLACE',
    description: 'What a record does to a stored one with the same unique identifier.',
  })
  documentUpdateMethod: UpdateMethod;

  @Field(() => String, {
    nullable: true,
    description:
      'Your name for this request, 1 to 255 characters. When the same request comes again with it, it gets the same job; another one gets IDEMPOTENCY_MISMATCH.',
  })
  idempotencyKey?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Answer once the job is final, or after so many seconds, 0 to 60; at once by default.',
  })
  waitSeconds?: number | null;
}

@InputType('RecordFilter', {
  description: 'A condition on rows. What is given in one filter holds together; an empty filter holds for every row.',
})
export class RecordFilterObject {
  @Field(() => [RecordFilterObject], { nullable: true, description: 'All of these hold.' })
  and?: RecordFilterObject[] | null;

  @Field(() => [RecordFilterObject], { nullable: true, description: 'At least one of these holds; none for [].' })
  or?: RecordFilterObject[] | null;

  @Field(() => RecordFilterObject, { nullable: true, description: 'This does not hold.' })
  not?: RecordFilterObject | null;

  @Field(() => ID, { nullable: true, description: 'The id of the column to compare; comes with `op`.' })
  column?: string | null;

  @Field(() => FilterOperators, { nullable: true, description: 'How to compare.' })
  op?: FilterOperator | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "What to compare with, of the column's type; DATETIME as ISO 8601.",
  })
  value?: JsonValue;

  @Field(() => [JsonScalar], { nullable: true, description: 'For IN and NOT_IN up to 1,000, for BETWEEN two.' })
  values?: JsonValue[] | null;
}

@InputType('RecordOrder', { description: 'One column to order by. Ties are ordered by row id.' })
export class RecordOrderObject {
  @Field(() => ID, { description: 'The id of a column that holds no arrays.' })
  column: string;

  @Field(() => Direction, { defaultValue: 'ASC', description: 'The direction; nulls come last in both.' })
  direction: 'ASC' | 'DESC';
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50, description: 'How many items, 0 to 1,000.' })
  first: number;

  @Field(() => String, { nullable: true, description: 'The endCursor of the page before.' })
  after?: string | null;
}

@ArgsType()
export class SearchArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' })
  search?: string | null;
}
