import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { DatasetStatus as DatasetStatusName } from '../../../domain/dataset.js';
import type { ColumnOrigin as ColumnOriginName } from '../../../domain/design/column.js';
import type { MismatchPolicy, MissingFields, UnknownFields } from '../../../domain/design/design.js';
import type { ChangeEffect as ChangeEffectName } from '../../../domain/design/design-changes.js';
import type { ColumnType as ColumnTypeName } from '../../../domain/sample/source-field.js';
import { DateTimeScalar, JsonScalar } from '../scalars.js';
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
  description: 'The templates of a link, with `{{column id}}` tokens. Write a } in an id as \\}.',
})
class ColumnLinkObject {
  @Field({ description: 'The URL.' })
  url: string;

  @Field(() => String, { nullable: true, description: 'The text to show; the URL itself if this is null.' })
  title: string | null;
}

@ObjectType('DesignFault', { description: 'One thing that keeps a design from being applied.' })
export class DesignFaultObject {
  @Field(() => ID, { nullable: true, description: 'The column; null if the fault is in a transformation.' })
  column?: string;

  @Field(() => ID, { nullable: true, description: 'The transformation; null if the fault is in a column.' })
  transformation?: string;

  @Field({ description: 'The setting that is wrong.' })
  field: string;

  @Field({ description: 'The value, what was expected, and what to do.' })
  message: string;
}

@ObjectType('DesignWarning', { description: 'Something that a design may have but that is probably not intended.' })
export class DesignWarningObject {
  @Field(() => ID, { nullable: true, description: 'The column; null if the warning is about the whole design.' })
  column: string | null;

  @Field({ description: 'What looks unintended, what it leads to, and what to do.' })
  message: string;
}

@ObjectType('DesignChange', { description: 'One difference between the applied design and the draft.' })
export class DesignChangeObject {
  @Field({
    description:
      'What changes, as a JSON Pointer: `/columns/{column id}` for an added or removed column, `/columns/{column id}/{setting}` for a setting, `/transformations`, `/sampleVersion`, or the name of a rule, such as `/mismatchPolicy`.',
  })
  path: string;

  @Field(() => JsonScalar, { nullable: true, description: 'The value in the applied design.' })
  before: unknown;

  @Field(() => JsonScalar, { nullable: true, description: 'The value in the draft.' })
  after: unknown;

  @Field(() => ChangeEffect, { description: 'What applying it does.' })
  effect: ChangeEffectName;

  @Field({ description: 'Whether applying it rebuilds stored rows.' })
  needsReload: boolean;
}

@ObjectType('Column', {
  description: "One column of a dataset's design. The columns inside an object follow it.",
})
export class ColumnObject {
  @Field(() => ID, {
    description:
      'Its path in the sample, or the first name of a column that a transformation creates. Filters, orders and values use it. Never changes.',
  })
  id: string;

  @Field({ description: 'A display name.' })
  name: string;

  @Field(() => String, {
    nullable: true,
    description: 'The path in the sample where its values come from; null for a column that a transformation creates.',
  })
  path: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the transformation that creates it; null for a column of the sample.',
  })
  transformation?: string;

  @Field(() => ColumnType, { description: 'The type of its values.' })
  type: ColumnTypeName;

  @Field({
    description:
      'Whether it takes any value and stores it as text; objects and arrays are stored as JSON text. True if the sample shows no value for it, or if updateDesign set it.',
  })
  undetermined: boolean;

  @Field(() => ID, { nullable: true, description: 'The id of the column that contains it; null at the top.' })
  parent: string | null;

  @Field(() => Int, { description: 'Its nesting depth: 0 at the top.' })
  depth: number;

  @Field(() => ColumnOrigin, { description: 'Where the column comes from.' })
  origin: ColumnOriginName;

  @Field({ description: 'Whether its values are loaded and can be queried.' })
  enabled: boolean;

  @Field(() => String, { nullable: true, description: 'Why it cannot be enabled; null if it can.' })
  disabledReason: string | null;

  @Field({
    description:
      'Whether its value identifies a record. Records with the same values in all unique identifiers are the same record.',
  })
  uniqueIdentifier: boolean;

  @Field({ description: 'Whether filters by it are fast on every record store.' })
  indexed: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The name that permissions use to restrict rows to certain values of this column.',
  })
  securityName: string | null;

  @Field({
    description:
      'Whether only API keys with the scope MANAGE see its values; see ColumnPatchInput. Also a column inside a sensitive one is sensitive, whatever this says.',
  })
  sensitive: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The format of the dates in its values; null for ISO 8601 and for columns without dates.',
  })
  inputFormat: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The IANA name of the time zone of its dates that have no offset; null for UTC.',
  })
  inputTimeZone: string | null;

  @Field(() => String, { nullable: true, description: 'A format for user interfaces to show its values in.' })
  displayFormat: string | null;

  @Field(() => ColumnLinkObject, { nullable: true, description: 'The templates from which every record gets a link.' })
  link: ColumnLinkObject | null;
}

@ObjectType('Design', { description: 'The columns and rules by which records become rows.' })
export class DesignObject {
  @Field(() => Int, { description: 'The number of this version: 1 for the first, plus one for every change.' })
  revision: number;

  @Field(() => MismatchPolicyNames, { description: 'What happens to a push that contains records that do not fit.' })
  mismatchPolicy: MismatchPolicy;

  @Field(() => MissingFieldsNames, { description: 'How to treat a record that lacks a key of the sample.' })
  missingFields: MissingFields;

  @Field(() => UnknownFieldsNames, { description: 'How to treat a record with a key that the sample does not have.' })
  unknownFields: UnknownFields;
}

@ObjectType('RowColumn', { description: 'A column of the rows that the caller sees.' })
export class RowColumnObject {
  @Field(() => ID, { description: 'Its id, which filters, orders and values use. Never changes.' })
  id: string;

  @Field({ description: 'A display name.' })
  name: string;

  @Field(() => ColumnType, { description: 'The type of its values.' })
  type: ColumnTypeName;

  @Field(() => String, { nullable: true, description: 'A format for user interfaces to show its values in.' })
  displayFormat: string | null;
}

@ObjectType('Dataset', { description: 'Typed rows, built from the records that are pushed to it.' })
export class DatasetObject {
  @Field(() => ID, { description: 'Never changes. Every push names it.' })
  id: string;

  @Field({ description: 'A display name; it need not be unique.' })
  name: string;

  @Field(() => DatasetStatus, { description: 'Its current status.' })
  status: DatasetStatusName;

  @Field(() => DateTimeScalar, { description: 'When it was created.' })
  createdAt: Date;
}

export const DatasetList = listOf(DatasetObject, 'DatasetList', 'datasets, newest first');

@ObjectType({ description: 'The result of applying changes.' })
export class ApplyChangesResult {
  @Field(() => [DesignWarningObject], { description: 'The warnings of the design that was applied.' })
  warnings: readonly DesignWarningObject[];

  @Field(() => DatasetObject, { description: 'The dataset as it is now.' })
  dataset: DatasetObject;

  @Field(() => JobObject, {
    nullable: true,
    description: 'The RELOAD job that makes the draft the applied design; null if the draft was applied immediately.',
  })
  reload: JobObject | null;
}
