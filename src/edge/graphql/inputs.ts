import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { MismatchPolicy, MissingFields, UnknownFields } from '../../domain/design/design.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import type { FilterOperator } from '../../domain/query/parse-filter.js';
import { JsonScalar } from './scalars.js';
import {
  ConnectionType,
  Direction,
  FilterOperators,
  MismatchPolicyNames,
  MissingFieldsNames,
  UnknownFieldsNames,
} from './types/enums.js';

const SAMPLE =
  'A JSON object, or a non-empty array of them that are merged: a field null in some is nullable, one absent from some is optional. A string is read as JSON text.';

@InputType({ description: 'Input for creating a connection.' })
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
    description: `${SAMPLE} Datasets on it show what is new, gone or retyped as changes; until they are applied, pushes follow the sample applied before.`,
  })
  sample?: JsonValue;
}

@InputType({
  description: 'Input for creating a dataset, on a connection or straight from a sample: give one of the two.',
})
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

  @Field(() => MissingFieldsNames, { defaultValue: 'REFUSE', description: 'What a key left out is.' })
  missingFields: MissingFields;

  @Field(() => UnknownFieldsNames, {
    defaultValue: 'REFUSE',
    description: 'What a key that the sample does not have is.',
  })
  unknownFields: UnknownFields;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Refused with JOINS_NOT_SUPPORTED: a push dataset has one source.',
  })
  joins?: JsonValue;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Refused with JOINS_NOT_SUPPORTED: a push dataset has one source.',
  })
  unions?: JsonValue;
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
    description: "What to compare with, of the column's type; DATETIME as ISO 8601, in UTC without an offset.",
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
