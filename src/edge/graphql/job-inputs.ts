import { Field, ID, InputType, Int } from 'type-graphql';
import type { DocumentUpdateMethod as UpdateMethod } from '../../domain/job/job.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import { WAIT_OPTIONS, type WaitSeconds } from './awaited-job.js';
import { RecordFilterObject } from './inputs.js';
import { JsonScalar } from './scalars.js';
import { DocumentUpdateMethod } from './types/enums.js';

const IDEMPOTENCY_KEY =
  'Your name for this request, 1 to 255 characters. If you send the same request again with the same key, it returns the same job, with `replayed` true, and loads nothing. Another request with the same key is refused with IDEMPOTENCY_MISMATCH. A key is kept as long as its dataset, even after all data was deleted: to load the same records again, use a new key.';

@InputType({ description: 'Input for pushing records.' })
export class PushDataInput {
  @Field(() => ID, { description: 'The id of the dataset. It must have an applied design.' })
  datasetId: string;

  @Field(() => JsonScalar, {
    description: 'A non-empty array of records: JSON objects with the keys of the sample.',
  })
  data: JsonValue;

  @Field(() => DocumentUpdateMethod, {
    defaultValue: 'REPLACE',
    description: 'What happens to a stored record with the same unique identifiers.',
  })
  documentUpdateMethod: UpdateMethod;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;

  @Field(() => Int, WAIT_OPTIONS)
  waitSeconds?: WaitSeconds;
}

@InputType({ description: 'Input for deleting records. Give either data or where.' })
export class DeleteDataInput {
  @Field(() => ID, { description: 'The id of the dataset. It must have an applied design.' })
  datasetId: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'A non-empty array of objects. Each has all unique identifiers of a record and nothing else, nested as in the sample: {"address": {"zip": "1"}}. Records that are not stored count as unchanged.',
  })
  data?: JsonValue;

  @Field(() => RecordFilterObject, {
    nullable: true,
    description: "A filter. The job deletes every record that has a matching row when the job's turn comes.",
  })
  where?: RecordFilterObject | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;

  @Field(() => Int, WAIT_OPTIONS)
  waitSeconds?: WaitSeconds;
}

@InputType({ description: 'Input for deleting all records of a dataset.' })
export class DeleteAllDataInput {
  @Field(() => ID, { description: 'The id of the dataset. It must have an applied design.' })
  datasetId: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null;

  @Field(() => Int, WAIT_OPTIONS)
  waitSeconds?: WaitSeconds;
}
