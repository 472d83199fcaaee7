import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { DatasetStatus as DatasetStatusName } from '../../../domain/dataset.js';
import type { MismatchPolicy, MissingFields, UnknownFields } from '../../../domain/design/design.js';
import type { ChangeEffect as ChangeEffectName } from '../../../domain/design/design-changes.js';
import type { ColumnType as ColumnTypeName } from '../../../domain/sample/source-field.js';
import { JsonScalar } from '../scalars.js';
import {
  ChangeEffect,
  ColumnOrigin,
  ColumnType,
  DatasetStatus,
  MismatchPolicyNames,
  MissingFieldsNames,
  UnknownFieldsNames,
} from './enums.js';
import { JobObject } from './job.js';
import { listOf } from './page.js';

@ObjectType('ColumnLink', {
  description: 'Templates of a link, with `{{column id}}` tokens; a } in an id is written \\}.',
})
class ColumnLinkObject {
  @Field({ description: 'The URL.' })
  url: string;

  @Field(() => String, { nullable: true, description: 'The text to show; the URL itself where it is null.' })
  title: string | null;
}

@ObjectType('DesignFault', { description: 'One thing that keeps a design from being applied.' })
export class DesignFaultObject {
  @Field(() => ID, { description: 'The column.' })
  column: string;

  @Field({ description: 'The setting at fault.' })
  field: string;

  @Field({ description: 'The value, what was expected and what to do.' })
  message: string;
}

@ObjectType('DesignWarning', { description: 'Something that is allowed in a design and may not be what was meant.' })
export class DesignWarningObject {
  @Field(() => ID, { nullable: true, description: 'The column; null where the warning is about the whole design.' })
  column: string | null;

  @Field({ description: 'What may not be meant, what follows from it, and what to do.' })
  message: string;
}

@ObjectType('DesignChange', { description: 'One difference between the applied design and the draft.' })
export class DesignChangeObject {
  @Field({
    description:
      'JSON Pointer: `/columns/{column id}` for one that is new or gone, `/columns/{column id}/{setting}`, `/sampleVersion`, or a rule.',
  })
  path: string;

  @Field(() => JsonScalar, { nullable: true, description: 'As it is applied.' })
  before: unknown;

  @Field(() => JsonScalar, { nullable: true, description: 'As it is in the draft.' })
  after: unknown;

  @Field(() => ChangeEffect, { description: 'What applying it does.' })
  effect: ChangeEffectName;

  @Field({ description: 'Whether stored rows are rebuilt when it is applied.' })
  needsReload: boolean;
}

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

  @Field({
    description:
      'Whether it takes any value and keeps it as text, objects and arrays as JSON text: the sample shows no value of it, or updateDesign has set it.',
  })
  undetermined: boolean;

  @Field(() => ID, { nullable: true, description: 'The id of the column that contains it; null at the top.' })
  parent: string | null;

  @Field(() => Int, { description: 'How far it is indented below the top, from 0.' })
  depth: number;

  @Field(() => ColumnOrigin, { description: 'What made it.' })
  origin: 'SAMPLE';

  @Field({ description: 'Whether its values are loaded and can be queried.' })
  enabled: boolean;

  @Field(() => String, { nullable: true, description: 'Why it cannot be enabled; null where it can.' })
  disabledReason: string | null;

  @Field({ description: 'Whether it is part of what makes a record the same as a stored one.' })
  uniqueIdentifier: boolean;

  @Field(() => String, { nullable: true, description: 'The name by which permissions restrict rows to its values.' })
  securityName: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How its values spell dates; null for ISO 8601 and for columns that hold no dates.',
  })
  inputFormat: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The time zone of its dates without an offset, by its IANA name; null for UTC.',
  })
  inputTimeZone: string | null;

  @Field(() => String, { nullable: true, description: 'How screens may show its values.' })
  displayFormat: string | null;

  @Field(() => ColumnLinkObject, { nullable: true, description: 'The templates of a link of every record.' })
  link: ColumnLinkObject | null;
}

@ObjectType('Design', { description: 'The shape that loads give to rows.' })
export class DesignObject {
  @Field(() => Int, { description: '1 for the first, one more after every change.' })
  revision: number;

  @Field(() => MismatchPolicyNames, { description: 'What becomes of a push with records that do not fit.' })
  mismatchPolicy: MismatchPolicy;

  @Field(() => MissingFieldsNames, { description: 'What a key of the sample that a record leaves out is.' })
  missingFields: MissingFields;

  @Field(() => UnknownFieldsNames, { description: 'What a key that the sample does not have is.' })
  unknownFields: UnknownFields;
}

@ObjectType('Dataset', { description: 'Typed rows built from what is pushed to one connection.' })
export class DatasetObject {
  @Field(() => ID, { description: 'Never changes. Pushes name it.' })
  id: string;

  @Field({ description: 'For people; need not be unique.' })
  name: string;

  @Field(() => DatasetStatus, { description: 'Its current status.' })
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

  @Field(() => String, {
    nullable: true,
    description:
      "Deletes the sample's records. Null until changes are applied, and without a unique identifier; notes then say so.",
  })
  deleteData: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Deletes all records. Null while there is none; notes then say so.',
  })
  deleteAllData: string | null;

  @Field({ description: 'Asks for the status of the job whose id is in $JOB_ID.' })
  status: string;

  @Field(() => [String], { description: 'What else is worth knowing, and why a command is missing.' })
  notes: readonly string[];
}

@ObjectType({ description: 'What applying changes did.' })
export class ApplyChangesResult {
  @Field(() => [DesignWarningObject], { description: 'The warnings of the design that was applied.' })
  warnings: readonly DesignWarningObject[];

  @Field(() => DatasetObject, { description: 'The dataset as it is now.' })
  dataset: DatasetObject;

  @Field(() => JobObject, {
    nullable: true,
    description: 'The RELOAD that brings the design into force; null where it is in force already.',
  })
  reload: JobObject | null;
}
