import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ErrorSummaryEntry, JobErrorCode, JobKind as JobKindName, SummaryCode } from '../../../domain/job/job.js';
import type { JobStatus as JobStatusName } from '../../../domain/job/status.js';
import { JobErrorCodes, JobKind, JobStatus } from './enums.js';
import { listOf, PageInfo } from './page.js';

@ObjectType('JobCounts', {
  description:
    'Counts of records, one by one in the order they were sent: a record that comes twice in a push counts twice. All zero until the job is final; then read = added + updated + unchanged + deleted + failed.',
})
export class JobCountsObject {
  @Field(() => Int, {
    description:
      'Records of the payload; of a delete by filter those that match, of a delete of all data, a rebuild, and a reload that rebuilds rows, those that the dataset holds.',
  })
  read: number;

  @Field(() => Int, {
    description: 'Records that were not stored before; of a reload or rebuild, those that it leaves.',
  })
  added: number;

  @Field(() => Int, {
    description:
      'Records that were written onto a stored one, whether or not they differ from it; of a reload, those that became the same as another by the identifiers.',
  })
  updated: number;

  @Field(() => Int, {
    description:
      'Records that were not applied: deletes of what is not stored, and replayed records that are no longer in quarantine or were superseded.',
  })
  unchanged: number;

  @Field(() => Int, { description: 'Stored records that were removed.' })
  deleted: number;

  @Field(() => Int, { description: 'Records that were refused: all of them when the job ended in ERROR_EXIT.' })
  failed: number;

  @Field(() => Int, {
    description:
      'The rows that the added and updated records gave, one by one: a record that comes twice gives its rows twice, and the dataset holds the last. Of a reload or rebuild, the rows that it leaves.',
  })
  rows: number;
}

@ObjectType('JobError', { description: 'How one record differs from what the dataset takes.' })
export class JobErrorObject {
  @Field(() => Int, {
    nullable: true,
    description:
      'The record, counted from 0 in the order they were sent, or, for a reload or a trial, in the order of their ids; null where the reason concerns the whole job.',
  })
  recordIndex: number | null;

  @Field({ description: 'JSON Pointer (RFC 6901) into the record, cut to 1,000 characters.' })
  pointer: string;

  @Field(() => String, {
    nullable: true,
    description: 'The id of the column, where the place is one, cut to 1,000 characters.',
  })
  column?: string;

  @Field(() => JobErrorCodes, { description: 'The kind of mismatch.' })
  code: JobErrorCode;

  @Field({ description: 'The place, the value, what was expected and what to do.' })
  message: string;

  @Field({ description: 'What the sample asks for.' })
  expected: string;

  @Field({ description: 'What was sent, as JSON, cut to 200 characters.' })
  actual: string;
}

@ObjectType('JobErrorSummary', {
  description:
    'All records of a job that were refused for one kind of reason: a place, without the indexes of arrays, and a code.',
})
export class JobErrorSummaryObject implements ErrorSummaryEntry {
  @Field(() => String, {
    nullable: true,
    description:
      'JSON Pointer (RFC 6901) without the indexes of arrays, /items/sku for /items/3/sku, cut to 1,000 characters; for UNKNOWN_KEY the object that contains the keys, whatever their names are. Null for OTHERS.',
  })
  pointer: string | null;

  @Field(() => JobErrorCodes, { description: 'The kind of mismatch.' })
  code: SummaryCode;

  @Field(() => Int, {
    description: 'All records with such a mismatch, each counted once; 0 where the reason concerns the whole job.',
  })
  records: number;

  @Field(() => [Int], { description: 'The lowest indexes of those records, at most 10, ascending.' })
  firstIndexes: readonly number[];

  @Field({ description: 'The message of the first mismatch of this kind, cut to 1,000 characters.' })
  example: string;
}

@ObjectType({
  description:
    'One page of the errors of a job, in record order. Kept are those of the first 100 refused records, at most 10 each; errorSummary counts all of them.',
})
export class JobErrorList {
  @Field(() => [JobErrorObject], { description: 'The errors of this page.' })
  nodes: readonly JobErrorObject[];

  @Field(() => PageInfo, { description: 'Where this page ends.' })
  pageInfo: PageInfo;

  @Field(() => Int, { description: 'All errors found, also those that are not kept.' })
  totalCount: number;

  @Field(() => Int, { description: 'Records with at least one error.' })
  mismatchedRecords: number;
}

@ObjectType('StatusChange', { description: 'A status and when it began.' })
class StatusChangeObject {
  @Field(() => JobStatus, { description: 'The status.' })
  status: JobStatusName;

  @Field(() => GraphQLDateTime, { description: 'When it began.' })
  at: Date;
}

export { StatusChangeObject };

@ObjectType('Job', { description: 'One push, delete or reload on its way from its acceptance to its end.' })
export class JobObject {
  @Field(() => ID, { description: 'Never changes.' })
  id: string;

  @Field(() => JobKind, { description: 'What it does.' })
  kind: JobKindName;

  @Field(() => JobStatus, { description: 'Its current status.' })
  status: JobStatusName;

  @Field(() => JobCountsObject, { description: 'What became of its records.' })
  counts: JobCountsObject;

  @Field(() => GraphQLDateTime, { description: 'When it was accepted.' })
  createdAt: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When a worker first took it up.' })
  startedAt: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it became final.' })
  finishedAt: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What holds it up, or the jobs before it, such as a record store that refuses writes or no worker that runs, and since when; it goes on by itself once that is over. Null when nothing does.',
  })
  waitingFor: string | null;

  @Field({ description: 'The name of the API key that asked for it.' })
  requestedBy: string;

  @Field(() => Int, {
    description:
      'How often a worker took it up; more than once after a crash, or while the rows of its dataset could not be written.',
  })
  attempts: number;
}

export const JobList = listOf(JobObject, 'JobList', 'jobs, from newest to oldest');

@ObjectType('JobStatusEvent', { description: "A change of a job's status." })
export class JobStatusEventObject {
  @Field(() => ID, { description: 'The same whenever this event is sent. Give it as `after` to continue after it.' })
  id: string;

  @Field(() => JobObject, { description: 'The job, as it is when the event is sent.' })
  job: JobObject;

  @Field(() => JobStatus, { description: 'The status that began.' })
  status: JobStatusName;

  @Field(() => GraphQLDateTime, { description: 'When it began.' })
  at: Date;

  @Field(() => Int, { description: 'How far the job then was, 0 to 100.' })
  percentComplete: number;

  @Field(() => JobCountsObject, { description: 'What had become of its records; zeros before the end.' })
  counts: JobCountsObject;
}
