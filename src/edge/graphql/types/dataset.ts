import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { DatasetStatus as DatasetStatusName } from '../../../domain/dataset.js';
import type { MismatchPolicy } from '../../../domain/design/design.js';
import type { ColumnType as ColumnTypeName } from '../../../domain/sample/source-field.js';
import { ColumnOrigin, ColumnType, DatasetStatus, MismatchPolicyNames } from './enums.js';
import { listOf } from './page.js';

@ObjectType('Column', {
  description: "One column of a dataset's design. Object children follow their parent, indented.",
})
export class ColumnObject {
  @Field(() => ID, { description: 'Its path in the sample; used in filters, orders and values. Never changes.' })
  id: string;

  @Field({ description: 'For people.' })
  name: string;

  @Field({ description: 'The path in the sample that its values come from.' })
  path: string;

  @Field(() => ColumnType, { description: 'The type of its values.' })
  type: ColumnTypeName;

  @Field(() => ID, { nullable: true, description: 'The column it stands in; null at the top.' })
  parent: string | null;

  @Field(() => Int, { description: 'How far it is indented below the top, from 0.' })
  depth: number;

  @Field(() => ColumnOrigin, { description: 'What made it.' })
  origin: 'SAMPLE';

  @Field({ description: 'Whether its values are loaded and can be queried.' })
  enabled: boolean;

  @Field(() => String, { nullable: true, description: 'Why it cannot be enabled; null where it can.' })
  disabledReason: string | null;
}

@ObjectType('Design', { description: 'The shape that loads give to rows.' })
export class DesignObject {
  @Field(() => Int, { description: '1 for the first, one more after every change.' })
  revision: number;

  @Field(() => MismatchPolicyNames, { description: 'What becomes of a push with records that do not fit.' })
  mismatchPolicy: MismatchPolicy;
}

@ObjectType('Dataset', { description: 'Typed rows built from what is pushed to one connection.' })
export class DatasetObject {
  @Field(() => ID, { description: 'Never changes. Pushes name it.' })
  id: string;

  @Field({ description: 'For people; need not be unique.' })
  name: string;

  @Field(() => DatasetStatus, { description: 'Where it stands.' })
  status: DatasetStatusName;

  @Field(() => Int, { description: 'Records held: those of every completed job.' })
  recordCount: number;

  @Field(() => Int, { description: 'Rows stored; a record may give several.' })
  rowCount: number;

  @Field(() => GraphQLDateTime, { description: 'When it was made.' })
  createdAt: Date;
}

export const DatasetList = listOf(DatasetObject, 'DatasetList', 'datasets, from newest to oldest');

@ObjectType('PushInstructions', {
  description: 'Commands to copy into a shell. Each runs as it is, with the key in $API_KEY.',
})
export class PushInstructionsObject {
  @Field({ description: 'The base of the REST routes.' })
  postDataUrl: string;

  @Field(() => String, {
    nullable: true,
    description: 'Pushes the sample. Null until changes are applied; notes then say so.',
  })
  postData: string | null;

  @Field({ description: 'Asks for the status of the job whose id is in $JOB_ID.' })
  status: string;

  @Field(() => [String], { description: 'What else is worth knowing, and why a command is missing.' })
  notes: readonly string[];
}

@ObjectType({ description: 'What applying changes did.' })
export class ApplyChangesResult {
  @Field(() => DatasetObject, { description: 'The dataset, with the design that loads use from now on.' })
  dataset: DatasetObject;
}
