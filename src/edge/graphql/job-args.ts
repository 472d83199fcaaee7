import { ArgsType, Field } from 'type-graphql';
import type { JobKind as JobKindName } from '../../domain/job/job.js';
import type { JobStatus as JobStatusName } from '../../domain/job/status.js';
import { PageArgs } from './inputs.js';
import { JobKind, JobStatus } from './types/enums.js';

@ArgsType()
export class JobArgs extends PageArgs {
  @Field(() => [JobStatus], { nullable: true, description: 'Only jobs in one of these statuses.' })
  status?: JobStatusName[] | null;

  @Field(() => [JobKind], { nullable: true, description: 'Only jobs of one of these kinds.' })
  kind?: JobKindName[] | null;
}
