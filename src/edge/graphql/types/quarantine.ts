import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../scalars.js';
import { JobErrorObject } from './job.js';
import { listOf } from './page.js';

@ObjectType('QuarantinedRecord', {
  description: 'A record that was refused while other records of its push were loaded.',
})
export class QuarantinedRecordObject {
  @Field(() => ID, { description: 'Never changes. replayQuarantine and discardQuarantine take it.' })
  id: string;

  @Field(() => ID, { description: 'The id of the job that it was pushed with.' })
  jobId: string;

  @Field(() => Int, { description: 'Its index in the payload, from 0.' })
  recordIndex: number;

  @Field(() => [JobErrorObject], { description: 'Why it was refused.' })
  errors: readonly JobErrorObject[];

  @Field(() => DateTimeScalar, { description: 'When it was quarantined.' })
  quarantinedAt: Date;

  @Field({
    description:
      'Whether a replay skipped it because a later job has written or deleted a record with the same unique identifiers.',
  })
  superseded: boolean;
}

export const QuarantineList = listOf(QuarantinedRecordObject, 'QuarantineList', 'quarantined records, oldest first');
