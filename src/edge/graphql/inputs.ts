import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { MismatchPolicy, MissingFields, UnknownFields } from '../../domain/design/design.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import { MAX_CURSOR } from '../../domain/query/cursor.js';
import type { FilterOperator } from '../../domain/query/parse-filter.js';
import { columnId, longest } from './input-bounds.js';
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
  'A JSON object, or a non-empty array of JSON objects that are merged: a field that is null in some of them is nullable, and a field that some of them lack is optional. A string is read as JSON text.';

/** The different values of a list; undefined if none was sent. A client may repeat the few values of an enumeration as often as its body allows. */
export function distinct<T>(values: readonly T[] | null | undefined): T[] | undefined {
  return values ? [...new Set(values)] : undefined;
}

@InputType({ description: 'Input for creating a connection.' })
export class CreateConnectionInput {
  @Field({ description: 'A display name, 1 to 200 characters.' })
  name: string;

  @Field(() => ConnectionType, { defaultValue: 'PUSH_API', description: 'How data comes in.' })
  type: 'PUSH_API';

  @Field(() => JsonScalar, { description: SAMPLE })
  sample: JsonValue;
}

@InputType({ description: 'Changes to a connection. What is left out does not change.' })
export class UpdateConnectionInput {
  @Field(() => String, { nullable: true, description: 'A display name, 1 to 200 characters.' })
  name?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: `${SAMPLE} Fields that are new, gone or of another type appear as changes of the datasets on this connection. Until those changes are applied, pushes are checked against the sample that was applied before.`,
  })
  sample?: JsonValue;
}

@InputType({
  description: 'Input for creating a dataset. Give either connectionId or sample.',
})
export class CreateDatasetInput {
  @Field({ description: 'A display name, 1 to 200 characters.' })
  name: string;

  @Field(() => ID, { nullable: true, description: 'The connection to build the dataset on.' })
  connectionId?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: `A sample to create a connection from, with the same name. ${SAMPLE}`,
  })
  sample?: JsonValue;

  @Field({
    defaultValue: false,
    description: 'Whether to apply the design immediately, so that the dataset accepts pushes.',
  })
  apply: boolean;

  @Field(() => MismatchPolicyNames, {
    defaultValue: 'FAIL',
    description: 'What happens to a push that contains records that do not fit.',
  })
  mismatchPolicy: MismatchPolicy;

  @Field(() => MissingFieldsNames, {
    defaultValue: 'REFUSE',
    description: 'How to treat a record that lacks a key of the sample.',
  })
  missingFields: MissingFields;

  @Field(() => UnknownFieldsNames, {
    defaultValue: 'REFUSE',
    description: 'How to treat a record with a key that the sample does not have.',
  })
  unknownFields: UnknownFields;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Not supported: a dataset that is pushed to has one source. Any value is refused with JOINS_NOT_SUPPORTED.',
  })
  joins?: JsonValue;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Not supported: a dataset that is pushed to has one source. Any value is refused with JOINS_NOT_SUPPORTED.',
  })
  unions?: JsonValue;
}

@InputType('RecordFilter', {
  description:
    'A condition on rows. If a filter has several parts, all of them must hold. An empty filter matches every row.',
})
export class RecordFilterObject {
  @Field(() => [RecordFilterObject], { nullable: true, description: 'All of these filters match.' })
  and?: RecordFilterObject[] | null;

  @Field(() => [RecordFilterObject], {
    nullable: true,
    description: 'At least one of these filters matches. [] matches no row.',
  })
  or?: RecordFilterObject[] | null;

  @Field(() => RecordFilterObject, { nullable: true, description: 'This filter does not match.' })
  not?: RecordFilterObject | null;

  @columnId()
  @Field(() => ID, { nullable: true, description: 'The id of the column to compare. Give `op` too.' })
  column?: string | null;

  @Field(() => FilterOperators, { nullable: true, description: 'How to compare.' })
  op?: FilterOperator | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      "What to compare the column with, in the column's type. A DATETIME is ISO 8601; without an offset it is UTC. For WITHIN_DISTANCE {lat, lon, meters}, for WITHIN_BOX {north, south, east, west}.",
  })
  value?: JsonValue;

  @Field(() => [JsonScalar], {
    nullable: true,
    description: 'The values of IN and NOT_IN, up to 1,000, or the two of BETWEEN.',
  })
  values?: JsonValue[] | null;
}

@InputType('RecordOrder', { description: 'One column to order by. Rows with equal values are ordered by row id.' })
export class RecordOrderObject {
  @columnId()
  @Field(() => ID, { description: 'The id of a column that holds no arrays and no points.' })
  column: string;

  @Field(() => Direction, { defaultValue: 'ASC', description: 'The direction. Nulls come last in both.' })
  direction: 'ASC' | 'DESC';
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50, description: 'How many items to return, 0 to 1,000.' })
  first: number;

  @longest(MAX_CURSOR)
  @Field(() => String, { nullable: true, description: 'The endCursor of the previous page.' })
  after?: string | null;
}

@ArgsType()
export class SearchArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only items whose name contains this text, in upper or lower case.',
  })
  search?: string | null;
}
