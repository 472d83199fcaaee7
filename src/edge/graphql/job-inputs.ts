import { Field, ID, InputType, Int } from 'type-graphql';
import type { DocumentUpdateMethod as UpdateMethod } from '../../domain/job/job.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import { WAIT_OPTIONS, type WaitSeconds } from './awaited-job.js';
import { RecordFilterObject } from './inputs.js';
import { JsonScalar } from './scalars.js';
import { DocumentUpdateMethod } from './types/enums.js';

const IDEMPOTENCY_KEY =
  'Your name for this request, 1 to 255 characters. When the same request comes again with it, it gets the same job, whose `replayed` is true, and loads nothing; another one gets IDEMPOTENCY_MISMATCH. A key is kept as long as its dataset, also after all data was deleted: to load the same records again, use new keys.';

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

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;

  @Field(() => Int, WAIT_OPTIONS)
  waitSeconds?: WaitSeconds;
}

@InputType({ description: 'Which records to delete: give either data or where.' })
export class DeleteDataInput {
  @Field(() => ID, { description: 'The dataset; its changes must have been applied.' })
  datasetId: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'A non-empty array of objects, each with the unique identifiers of a record, all of them and nothing else, nested as in the sample: {"address": {"zip": "1"}}. Unknown ones count as unchanged.',
  })
  data?: JsonValue;

  @Field(() => RecordFilterObject, {
    nullable: true,
    description: "Deletes the records with a row that matches when the job's turn comes.",
  })
  where?: RecordFilterObject | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;

  @Field(() => Int, WAIT_OPTIONS)
  waitSeconds?: WaitSeconds;
}

@InputType({ description: 'Whose records to delete.' })
export class DeleteAllDataInput {
  @Field(() => ID, { description: 'The dataset; its changes must have been applied.' })
  datasetId: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;

  @Field(() => Int, WAIT_OPTIONS)
  waitSeconds?: WaitSeconds;
}
