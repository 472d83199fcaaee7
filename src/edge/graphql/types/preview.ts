import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Mismatch } from '../../../domain/job/job.js';
import type { PreviewedRecord, ShownValues } from '../../../domain/load/preview-records.js';
import { JsonObjectScalar } from '../scalars.js';
import { JobErrorObject } from './job.js';

@ObjectType('PreviewedStep', { description: 'A record after one transformation.' })
class PreviewedStepObject {
  @Field(() => ID, { description: 'The id of the transformation.' })
  transformation: string;

  @Field(() => JsonObjectScalar, { description: 'The values after it, by column id.' })
  values: ShownValues;
}

@ObjectType('PreviewedRecord', { description: 'What a load would do with one record.' })
export class PreviewedRecordObject implements Omit<PreviewedRecord, 'errors'> {
  @Field(() => Int, { description: 'Its index in data, or in the sample, from 0.' })
  index: number;

  @Field(() => [PreviewedStepObject], { description: 'The record after each transformation that ran, in their order.' })
  steps: readonly PreviewedStepObject[];

  @Field(() => [JsonObjectScalar], {
    description: 'The rows that would be stored: values by column id. None if the record does not fit.',
  })
  rows: readonly ShownValues[];

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
