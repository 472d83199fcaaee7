import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { JobErrorObject } from './job.js';
import { listOf } from './page.js';

@ObjectType('QuarantinedRecord', { description: 'A record that was refused while the others of its push were loaded.' })
export class QuarantinedRecordObject {
  @Field(() => ID, { description: 'Never changes. Replays and discards name it.' })
  id: string;

  @Field(() => ID, { description: 'The job it came with.' })
  jobId: string;

  @Field(() => Int, { description: 'Its place in the payload, from 0.' })
  recordIndex: number;

  @Field(() => [JobErrorObject], { description: 'Why it is here.' })
  errors: readonly JobErrorObject[];

  @Field(() => GraphQLDateTime, { description: 'When it was put here.' })
  quarantinedAt: Date;

  @Field({
    description: 'A replay found that a later job has written the same unique identifier, and left that as it is.',
  })
  superseded: boolean;
}

export const QuarantineList = listOf(QuarantinedRecordObject, 'QuarantineList', 'quarantined records, oldest first');
