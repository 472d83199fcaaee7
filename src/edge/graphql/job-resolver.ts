import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Dataset } from '../../domain/dataset.js';
import { SluiceError } from '../../domain/errors.js';
import type { ErrorSummaryEntry, Job, JobError, StatusChange } from '../../domain/job/job.js';
import { percentComplete } from '../../domain/job/status.js';
import { payloadOfValue } from '../../domain/push/payload-of-value.js';
import { encodeListCursor } from '../../domain/query/list-cursor.js';
import type { RecordFilterInput } from '../../domain/query/parse-filter.js';
import { inTurns } from '../../event-loop/turns.js';
import type { JobReceipt } from '../../usecases/accept-job.js';
import { checkedFirst } from '../../usecases/checks.js';
import { awaitedJob, WAIT_OPTIONS, type WaitSeconds } from './awaited-job.js';
import type { GraphqlContext } from './context.js';
import { distinct, PageArgs } from './inputs.js';
import { JobArgs } from './job-args.js';
import { DeleteAllDataInput, DeleteDataInput, PushDataInput } from './job-inputs.js';
import { DatasetObject } from './types/dataset.js';
import { JobErrorList, JobErrorSummaryObject, JobList, JobObject, StatusChangeObject } from './types/job.js';
import { decodeAfter, type Page, toPage } from './types/page.js';

@Resolver(() => JobObject)
export class JobResolver {
  @Query(() => JobObject, { nullable: true, description: 'The job with this id; null if it does not exist.' })
  job(@Arg('id', () => ID, { description: 'The id of the job.' }) id: string, @Ctx() { reader }: GraphqlContext) {
    return reader.jobs.job(id);
  }

  @Query(() => JobList, { description: 'The jobs of all datasets or of one dataset, newest first.' })
  async jobs(
    @Args(() => JobArgs) { first, after, status, kind }: JobArgs,
    @Arg('datasetId', () => ID, { nullable: true, description: 'Only jobs of the dataset with this id.' })
    datasetId: string | null | undefined,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<Page<Job>> {
    const filter = { datasetId: datasetId ?? undefined, status: distinct(status), kind: distinct(kind) };
    const query = { ...filter, first, after: decodeAfter('jobs', after) };
    return toPage('jobs', await reader.jobs.jobs(query));
  }

  @Mutation(() => JobObject, {
    description:
      'Pushes records. It returns once the payload and the job are durable; later the job shows whether the records fit. Errors, after which nothing is stored: NOT_FOUND, NOT_APPLIED, BAD_REQUEST, PAYLOAD_TOO_LARGE for more than 100,000 records or a record with more than 100,000 values, UPSERT_NEEDS_IDENTIFIER, IDEMPOTENCY_MISMATCH, BACK_PRESSURE if too much is waiting already.',
  })
  pushData(
    @Arg('input', () => PushDataInput, { description: 'The records.' }) input: PushDataInput,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    const { useCases, caller } = context;
    const { datasetId, documentUpdateMethod, data } = input;
    const idempotencyKey = input.idempotencyKey ?? undefined;
    return awaitedJob(context, input.waitSeconds, 'input.waitSeconds', async () => {
      const records = await inTurns(payloadOfValue(data));
      const job = await useCases.pushData({ datasetId, documentUpdateMethod, idempotencyKey, ...records }, caller);
      forget(data);
      return job;
    });
  }

  @Mutation(() => JobObject, {
    description:
      'Deletes records with a job that takes its turn among the pushes. Give either data or where. Errors: NOT_FOUND, NOT_APPLIED, BAD_REQUEST, PAYLOAD_TOO_LARGE, IDENTIFIER_REQUIRED for data if the design has no unique identifier, IDEMPOTENCY_MISMATCH, BACK_PRESSURE if too much is waiting already.',
  })
  deleteData(
    @Arg('input', () => DeleteDataInput, { description: 'Which records.' }) input: DeleteDataInput,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    const { useCases, caller } = context;
    const { datasetId, data, where } = input;
    if ((data == null) === (where == null)) {
      const message = 'give either input.data, the unique identifiers of records, or input.where, a filter';
      throw new SluiceError('BAD_REQUEST', message, { field: 'input' });
    }
    const target = { datasetId, idempotencyKey: input.idempotencyKey ?? undefined };
    const { byIdentifiers, matching } = useCases.deleteData;
    return awaitedJob(context, input.waitSeconds, 'input.waitSeconds', async () => {
      if (where) return matching({ ...target, where: where as RecordFilterInput }, caller);
      const job = await byIdentifiers({ ...target, ...(await inTurns(payloadOfValue(data ?? null))) }, caller);
      forget(data);
      return job;
    });
  }

  @Mutation(() => JobObject, {
    description:
      'Deletes all records with a job that takes its turn among the pushes. Queries return the old rows until it is COMPLETE. Idempotency keys are kept: a push with a key that was used before returns the old job and loads nothing. Errors: NOT_FOUND, NOT_APPLIED, BAD_REQUEST, IDEMPOTENCY_MISMATCH, BACK_PRESSURE if too much is waiting already.',
  })
  deleteAllData(
    @Arg('input', () => DeleteAllDataInput, { description: 'The dataset.' }) input: DeleteAllDataInput,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    const { useCases, caller } = context;
    const target = { datasetId: input.datasetId, idempotencyKey: input.idempotencyKey ?? undefined };
    return awaitedJob(context, input.waitSeconds, 'input.waitSeconds', () => useCases.deleteData.all(target, caller));
  }

  @Mutation(() => JobObject, {
    description:
      'Makes all rows of a dataset again from the push log. Use it for a FAILED dataset, or to move rows to another record store. If a rebuild is not final yet, that job is returned. Errors: NOT_FOUND, NOT_APPLIED, BACK_PRESSURE if too much is waiting already.',
  })
  rebuildDataset(
    @Arg('datasetId', () => ID, { description: 'The id of the dataset.' }) datasetId: string,
    @Arg('waitSeconds', () => Int, WAIT_OPTIONS) waitSeconds: WaitSeconds,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    return awaitedJob(context, waitSeconds, 'waitSeconds', () =>
      context.useCases.rebuildDataset(datasetId, context.caller),
    );
  }

  @Mutation(() => JobObject, {
    description:
      'Ends a job before its rows are written. The job then has changed nothing. Errors: NOT_FOUND, JOB_FINAL, TOO_LATE_TO_TERMINATE.',
  })
  terminateJob(
    @Arg('id', () => ID, { description: 'The id of the job.' }) id: string,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<Job> {
    return useCases.terminateJob(id, caller);
  }

  @FieldResolver(() => Int, { description: 'How many of its records went to quarantine.' })
  quarantined(@Root() { faults }: Job): number {
    return faults.quarantined;
  }

  @FieldResolver(() => Int, {
    description:
      'How many refused records were not kept in quarantine, because it was full or because their JSON has more than 12 MB.',
  })
  quarantineCut(@Root() { faults }: Job): number {
    return faults.quarantineCut;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether an earlier request with the same idempotency key created this job, so that this request loads nothing. It is set only in the result of a mutation; in queries it is false.',
  })
  replayed(@Root() job: Job | JobReceipt): boolean {
    return 'replayed' in job && job.replayed;
  }

  @FieldResolver(() => DatasetObject, { description: 'The dataset that the job works on.' })
  dataset(@Root() job: Job, @Ctx() { shared }: GraphqlContext): Promise<Dataset> {
    return shared.datasetOfJob(job);
  }

  @FieldResolver(() => Int, {
    description:
      'The progress of the job, 0 to 100; it never goes back. For RELOAD, REBUILD and TRIAL it also grows with the records that were read.',
  })
  percentComplete(@Root() { status, progress }: Job): number {
    return percentComplete(status, progress);
  }

  @FieldResolver(() => [StatusChangeObject], { description: 'Every status that the job has had, in order.' })
  history(@Root() { history }: Job): readonly StatusChange[] {
    return history;
  }

  @FieldResolver(() => JobErrorList, { description: 'Why its records were refused, in record order.' })
  async errors(
    @Root() job: Job,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { shared }: GraphqlContext,
  ): Promise<JobErrorList> {
    const { errorCount, mismatchedRecords } = job.faults;
    const kept = errorCount > 0 ? await shared.errorsOf(job) : [];
    return {
      ...pageOfErrors(kept, checkedFirst(first), Number(decodeAfter('errors', after) ?? 0)),
      totalCount: errorCount,
      mismatchedRecords,
    };
  }

  @FieldResolver(() => [JobErrorSummaryObject], {
    description:
      'Why its records were refused: one entry for each reason, the most frequent first; at most 1,000 entries, and one entry OTHERS for the rest. It counts all records, including those whose errors are not kept. Empty until the job is final.',
  })
  async errorSummary(@Root() job: Job, @Ctx() { shared }: GraphqlContext): Promise<readonly ErrorSummaryEntry[]> {
    return job.faults.errorCount > 0 ? shared.errorSummaryOf(job) : [];
  }
}

/** Cursors of errors are their places among the kept ones. */
function pageOfErrors(kept: readonly JobError[], first: number, start: number) {
  const end = Math.min(start + first, kept.length);
  const nodes = kept.slice(start, end);
  return {
    nodes,
    pageInfo: {
      hasNextPage: end < kept.length,
      endCursor: nodes.length > 0 ? encodeListCursor('errors', String(end)) : null,
    },
  };
}

/** Empties what a payload was made of: the libraries hold the variables of a request until it is answered, which may be a minute after its memory is released. */
function forget(data: unknown): void {
  if (Array.isArray(data)) data.length = 0;
}
