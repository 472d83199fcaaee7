import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Mismatch } from '../../../domain/job/job.js';
import type {
  PreviewedRecord,
  PreviewedRemoval,
  PreviewedStep,
  ShownValues,
} from '../../../domain/load/preview-records.js';
import { JsonObjectScalar } from '../scalars.js';
import { JobErrorObject } from './job.js';

@ObjectType('PreviewedStep', { description: 'A record after one transformation.' })
class PreviewedStepObject implements PreviewedStep {
  @Field(() => ID, {
    description:
      'The id of the transformation. One without an id in the request has the id that it would get if the list were saved now.',
  })
  transformation: string;

  @Field({ description: 'The name of the transformation.' })
  name: string;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description:
      'The values of the first row after it, by column id, with the arrays of objects that steps read. Columns that later transformations create are there too, and null. Null if the record has no row any more.',
  })
  values: ShownValues | null;

  @Field(() => [JsonObjectScalar], { description: 'The first 10 rows after it, each like values.' })
  rows: readonly ShownValues[];

  @Field(() => Int, { description: 'How many rows the record has after it.' })
  rowCount: number;
}

@ObjectType('PreviewedRemoval', { description: 'Rows of a record that a transformation has removed.' })
class PreviewedRemovalObject implements PreviewedRemoval {
  @Field(() => ID, {
    description:
      'The id of the transformation. One without an id in the request has the id that it would get if the list were saved now.',
  })
  transformation: string;

  @Field({ description: 'The name of the transformation.' })
  name: string;

  @Field(() => Int, { description: 'How many rows it has removed.' })
  rowCount: number;

  @Field({ description: 'Why, for people.' })
  reason: string;
}

@ObjectType('PreviewedRecord', { description: 'What a load would do with one record.' })
export class PreviewedRecordObject implements Omit<PreviewedRecord, 'errors'> {
  @Field(() => Int, { description: 'Its index in data, or in the sample, from 0.' })
  index: number;

  @Field(() => [PreviewedStepObject], { description: 'The record after each transformation that ran, in their order.' })
  steps: readonly PreviewedStepObject[];

  @Field(() => [JsonObjectScalar], {
    description:
      'The first 100 rows that would be stored: values by column id. None if the record does not fit, or if the transformations remove it.',
  })
  rows: readonly ShownValues[];

  @Field(() => Int, { description: 'How many rows would be stored.' })
  rowCount: number;

  @Field(() => [PreviewedRemovalObject], { description: 'The rows that transformations have removed, and why.' })
  removed: readonly PreviewedRemovalObject[];

  @Field(() => [JobErrorObject], {
    description: 'Why the record does not fit: the first 10 reasons; empty if it fits.',
  })
  errors: readonly (Mismatch & { readonly recordIndex: number })[];
}

@ObjectType('DesignPreview', {
  description: 'What loads under a design would do with some records. Nothing is stored.',
})
export class DesignPreviewObject {
  @Field(() => [PreviewedRecordObject], { description: 'The records, in their order.' })
  records: PreviewedRecordObject[];
}
