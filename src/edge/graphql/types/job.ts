import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ErrorSummaryEntry, JobErrorCode, JobKind as JobKindName, SummaryCode } from '../../../domain/job/job.js';
import type { JobStatus as JobStatusName } from '../../../domain/job/status.js';
import { DateTimeScalar } from '../scalars.js';
import { JobErrorCodes, JobKind, JobStatus } from './enums.js';
import { listOf, PageInfo } from './page.js';

@ObjectType('JobCounts', {
  simpleResolvers: true,
  description:
    'Counts of the records of a job. A record that a push contains twice counts twice. All counts are zero until the job is final; then read = added + updated + unchanged + deleted + failed.',
})
export class JobCountsObject {
  @Field(() => Int, {
    description:
      'The records that the job had to process. PUSH, REPLAY and DELETE by identifiers: the records of the payload. DELETE by filter: the records that match. DELETE_ALL and REBUILD: the records that the dataset holds. A RELOAD or TRIAL that touches rows: these, and the records that transformations leave without rows.',
  })
  read: number;

  @Field(() => Int, {
    description: 'Records that had no rows before. RELOAD and REBUILD: the records that the dataset holds afterwards.',
  })
  added: number;

  @Field(() => Int, {
    description:
      'Records that replaced or changed a stored record, even if nothing differs. RELOAD and TRIAL: records that are the same as another one under the new unique identifiers.',
  })
  updated: number;

  @Field(() => Int, {
    description:
      'Records that changed nothing: deletes of records that are not stored, replayed records that have left the quarantine or are superseded, and records that had no rows and get none from the transformations. RELOAD: records that get no rows. TRIAL: the other records that fit.',
  })
  unchanged: number;

  @Field(() => Int, {
    description: 'Stored records that were deleted, or that the transformations leave without rows.',
  })
  deleted: number;

  @Field(() => Int, { description: 'Records that were refused; all of them if the job ended in ERROR_EXIT.' })
  failed: number;

  @Field(() => Int, {
    description:
      'Rows of the added and updated records. The rows of a record that a push contains twice count twice, though only the last ones are stored. RELOAD and REBUILD: the rows that the dataset holds afterwards.',
  })
  rows: number;

  @Field(() => Int, {
    description:
      'Records with an address that a geolocation cannot place: their point is null. They are counted as added or updated too. RELOAD: of the records that it reads.',
  })
  unplaced: number;
}

@ObjectType('JobError', {
  simpleResolvers: true,
  description: 'One reason why a record was refused.',
})
export class JobErrorObject {
  @Field(() => Int, {
    nullable: true,
    description:
      'The index of the record, from 0: in the payload or, for RELOAD and TRIAL, among the stored records in the order of their ids. Null if the reason concerns the whole job.',
  })
  recordIndex: number | null;

  @Field({ description: 'Where in the record: a JSON Pointer (RFC 6901), cut to 1,000 characters.' })
  pointer: string;

  @Field(() => String, {
    nullable: true,
    description: 'The id of the column, cut to 1,000 characters; null if the error is not about a column.',
  })
  column?: string;

  @Field(() => ID, { nullable: true, description: 'The id of the transformation that failed; null if none did.' })
  step?: string;

  @Field(() => JobErrorCodes, { description: 'The error code.' })
  code: JobErrorCode;

  @Field({ description: 'Where the error is, the value, what was expected, and what to do.' })
  message: string;

  @Field({ description: 'What was expected.' })
  expected: string;

  @Field({ description: 'What was sent, as JSON, cut to 200 characters.' })
  actual: string;
}

@ObjectType('JobErrorSummary', {
  description:
    'All records of a job that were refused for the same reason: the same code at the same pointer, array indexes left out.',
})
export class JobErrorSummaryObject implements ErrorSummaryEntry {
  @Field(() => String, {
    nullable: true,
    description:
      'A JSON Pointer (RFC 6901) without array indexes: /items/sku for /items/3/sku. Cut to 1,000 characters. For UNKNOWN_KEY it points to the object that contains the keys. Null for OTHERS.',
  })
  pointer: string | null;

  @Field(() => JobErrorCodes, { description: 'The error code.' })
  code: SummaryCode;

  @Field(() => ID, { nullable: true, description: 'The id of the transformation that failed; null if none did.' })
  step?: string;

  @Field(() => Int, {
    description:
      'How many records were refused for this reason, each counted once; 0 if the reason concerns the whole job.',
  })
  records: number;

  @Field(() => [Int], { description: 'The indexes of the first of those records, at most 10, in ascending order.' })
  firstIndexes: readonly number[];

  @Field({ description: 'The message of the first such error, cut to 1,000 characters.' })
  example: string;
}

@ObjectType({
  description:
    'One page of the errors of a job, in record order. It has the errors of the first 100 refused records, at most 10 for each record. Job.errorSummary counts the errors of all records.',
})
export class JobErrorList {
  @Field(() => [JobErrorObject], { description: 'The errors of this page.' })
  nodes: readonly JobErrorObject[];

  @Field(() => PageInfo, { description: 'Where this page ends.' })
  pageInfo: PageInfo;

  @Field(() => Int, { description: 'How many errors the job found, including those that are not kept.' })
  totalCount: number;

  @Field(() => Int, { description: 'How many records have at least one error.' })
  mismatchedRecords: number;
}

@ObjectType('StatusChange', { simpleResolvers: true, description: 'A status, and when it began.' })
class StatusChangeObject {
  @Field(() => JobStatus, { description: 'The status.' })
  status: JobStatusName;

  @Field(() => DateTimeScalar, { description: 'When it began.' })
  at: Date;
}

export { StatusChangeObject };

@ObjectType('Job', {
  simpleResolvers: true,
  description: 'One unit of work on a dataset, such as a push, a delete or a reload, with its status and counts.',
})
export class JobObject {
  @Field(() => ID, { description: 'Never changes.' })
  id: string;

  @Field(() => JobKind, { description: 'What the job does.' })
  kind: JobKindName;

  @Field(() => JobStatus, { description: 'Its current status.' })
  status: JobStatusName;

  @Field(() => JobCountsObject, { description: 'How many of its records were added, updated, refused and so on.' })
  counts: JobCountsObject;

  @Field(() => DateTimeScalar, { description: 'When it was accepted.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a worker first started it; null before that.' })
  startedAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it became final; null before that.' })
  finishedAt: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What this job, or a job before it, waits for and since when: a record store that refuses writes, for example, or no running worker. The job continues by itself once that is over. Null if nothing holds it up.',
  })
  waitingFor: string | null;

  @Field({ description: 'The name of the API key that requested it.' })
  requestedBy: string;

  @Field(() => Int, {
    description:
      'How often a worker has started it: more than once after a crash, or if the rows of its dataset could not be written for a while.',
  })
  attempts: number;
}

export const JobList = listOf(JobObject, 'JobList', 'jobs, newest first');

@ObjectType('JobStatusEvent', { simpleResolvers: true, description: "A change of a job's status." })
export class JobStatusEventObject {
  @Field(() => ID, {
    description: 'The same each time this event is sent. Send it as `after` to continue after this event.',
  })
  id: string;

  @Field(() => JobObject, { description: 'The job as it is when the event is sent.' })
  job: JobObject;

  @Field(() => JobStatus, { description: 'The status that began.' })
  status: JobStatusName;

  @Field(() => DateTimeScalar, { description: 'When it began.' })
  at: Date;

  @Field(() => Int, { description: 'The progress of the job at this status, 0 to 100.' })
  percentComplete: number;

  @Field(() => JobCountsObject, { description: 'The counts of the job at this status: zeros before the final one.' })
  counts: JobCountsObject;
}
