import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Dataset } from '../../domain/dataset.js';
import { SluiceError } from '../../domain/errors.js';
import type { ErrorSummaryEntry, Job, JobError, StatusChange } from '../../domain/job/job.js';
import { percentComplete } from '../../domain/job/status.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import { encodeListCursor } from '../../domain/query/list-cursor.js';
import type { RecordFilterInput } from '../../domain/query/parse-filter.js';
import type { JobAnswer } from '../../usecases/accept-job.js';
import { checkedFirst } from '../../usecases/checks.js';
import { awaitedJob, WAIT_OPTIONS, type WaitSeconds } from './awaited-job.js';
import type { GraphqlContext } from './context.js';
import { PageArgs } from './inputs.js';
import { JobArgs } from './job-args.js';
import { DeleteAllDataInput, DeleteDataInput, PushDataInput } from './job-inputs.js';
import { DatasetObject } from './types/dataset.js';
import { JobErrorList, JobErrorSummaryObject, JobList, JobObject, StatusChangeObject } from './types/job.js';
import { type Page, placeBefore, toPage } from './types/page.js';

@Resolver(() => JobObject)
export class JobResolver {
  @Query(() => JobObject, { nullable: true, description: 'A job; null when there is none with this id.' })
  job(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() { useCases }: GraphqlContext) {
    return useCases.readJobs.job(id);
  }

  @Query(() => JobList, { description: 'Jobs of all datasets, or of one, from newest to oldest.' })
  async jobs(
    @Args(() => JobArgs) { first, after, status, kind }: JobArgs,
    @Arg('datasetId', () => ID, { nullable: true, description: 'Only jobs of this dataset.' })
    datasetId: string | null | undefined,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Page<Job>> {
    const filter = { datasetId: datasetId ?? undefined, status: status ?? undefined, kind: kind ?? undefined };
    const query = { ...filter, first, after: placeBefore('jobs', after) };
    return toPage('jobs', await useCases.readJobs.jobs(query));
  }

  @Mutation(() => JobObject, {
    description:
      'Pushes records. Returns when payload and job are durable; the job then shows whether the records fit. Errors: NOT_FOUND, NOT_APPLIED, BAD_REQUEST, UPSERT_NEEDS_IDENTIFIER, IDEMPOTENCY_MISMATCH, BACK_PRESSURE when too much waits already; then nothing is stored.',
  })
  pushData(
    @Arg('input', () => PushDataInput, { description: 'The records.' }) input: PushDataInput,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    const { useCases, caller } = context;
    const payload = Buffer.from(stringifyJson(input.data));
    const idempotencyKey = input.idempotencyKey ?? undefined;
    return awaitedJob(context, input.waitSeconds, 'input.waitSeconds', () =>
      useCases.pushData({ ...input, idempotencyKey, payload, form: 'RECORDS' }, caller),
    );
  }

  @Mutation(() => JobObject, {
    description:
      'Deletes records, by a job in the lane: give either data or where. Errors: NOT_FOUND, NOT_APPLIED, BAD_REQUEST, IDENTIFIER_REQUIRED for data without a unique identifier, IDEMPOTENCY_MISMATCH, BACK_PRESSURE when too much waits already.',
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
    return awaitedJob(context, input.waitSeconds, 'input.waitSeconds', () => {
      if (where) return matching({ ...target, where: where as RecordFilterInput }, caller);
      const payload = Buffer.from(stringifyJson(data));
      return byIdentifiers({ ...target, data, payload, form: 'RECORDS' }, caller);
    });
  }

  @Mutation(() => JobObject, {
    description:
      'Deletes all records, by a job in the lane; queries see the old rows until it is Complete. Idempotency keys are kept: a push that repeats one used before gets its old job and loads nothing. Errors: NOT_FOUND, NOT_APPLIED, BAD_REQUEST, IDEMPOTENCY_MISMATCH, BACK_PRESSURE when too much waits already.',
  })
  deleteAllData(
    @Arg('input', () => DeleteAllDataInput, { description: 'Of which dataset.' }) input: DeleteAllDataInput,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    const { useCases, caller } = context;
    const target = { datasetId: input.datasetId, idempotencyKey: input.idempotencyKey ?? undefined };
    return awaitedJob(context, input.waitSeconds, 'input.waitSeconds', () => useCases.deleteData.all(target, caller));
  }

  @Mutation(() => JobObject, {
    description:
      'Makes all rows of a dataset again from the push log, by a job in the lane: what a FAILED dataset needs, and one whose rows are to move to another record store. While a rebuild is not final, returns that one. Errors: NOT_FOUND, NOT_APPLIED, BACK_PRESSURE.',
  })
  rebuildDataset(
    @Arg('datasetId', () => ID, { description: 'The dataset.' }) datasetId: string,
    @Arg('waitSeconds', () => Int, WAIT_OPTIONS) waitSeconds: WaitSeconds,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    return awaitedJob(context, waitSeconds, 'waitSeconds', () =>
      context.useCases.rebuildDataset(datasetId, context.caller),
    );
  }

  @Mutation(() => JobObject, {
    description:
      'Ends a job before its rows are written; it then has changed nothing. Errors: NOT_FOUND, JOB_FINAL, TOO_LATE_TO_TERMINATE.',
  })
  terminateJob(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Job> {
    return useCases.terminateJob(id);
  }

  @FieldResolver(() => Int, { description: 'Its records that were put into quarantine.' })
  quarantined(@Root() { faults }: Job): number {
    return faults.quarantined;
  }

  @FieldResolver(() => Int, {
    description:
      'Refused records that the quarantine had no room for, or of more than 12 MB of JSON; they are not kept there.',
  })
  quarantineCut(@Root() { faults }: Job): number {
    return faults.quarantineCut;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether this is the job of an earlier request with the same idempotency key: then this request loads nothing. Set only in the result of the mutation that accepts a job; false in queries.',
  })
  replayed(@Root() job: Job | JobAnswer): boolean {
    return 'replayed' in job && job.replayed;
  }

  @FieldResolver(() => DatasetObject, { description: 'The dataset it works on.' })
  dataset(@Root() { datasetId }: Job, @Ctx() { shared }: GraphqlContext): Promise<Dataset> {
    return shared.datasetOfJob(datasetId);
  }

  @FieldResolver(() => Int, {
    description:
      'How far it is, 0 to 100; never goes back. A reload, a rebuild and a trial move on with the records they have gone through.',
  })
  percentComplete(@Root() { status, progress }: Job): number {
    return percentComplete(status, progress);
  }

  @FieldResolver(() => [StatusChangeObject], { description: 'Every status it has had, in order, none left out.' })
  history(@Root() { history }: Job): readonly StatusChange[] {
    return history;
  }

  @FieldResolver(() => JobErrorList, { description: 'Why it was refused, in record order.' })
  async errors(
    @Root() { id, faults: { errorCount, mismatchedRecords } }: Job,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<JobErrorList> {
    const kept = errorCount > 0 ? await useCases.readJobs.errorsOf(id) : [];
    return {
      ...pageOfErrors(kept, checkedFirst(first), Number(placeBefore('errors', after) ?? 0)),
      totalCount: errorCount,
      mismatchedRecords,
    };
  }

  @FieldResolver(() => [JobErrorSummaryObject], {
    description:
      'Why its records were refused, one entry for each kind of reason, from the most frequent to the rarest; at most 1,000, and one entry OTHERS for the rest. It counts all records, also those whose errors are not kept. Empty until the job is final.',
  })
  async errorSummary(
    @Root() { id, faults: { errorCount } }: Job,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<readonly ErrorSummaryEntry[]> {
    return errorCount > 0 ? useCases.readJobs.errorSummaryOf(id) : [];
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
