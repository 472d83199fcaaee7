import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Dataset, DatasetStatus as DatasetStatusName } from '../../domain/dataset.js';
import type { Job } from '../../domain/job/job.js';
import type { PushInstructions } from '../../domain/push/push-instructions.js';
import type { PublicRecord } from '../../usecases/read-records.js';
import type { GraphqlContext } from './context.js';
import { CreateDatasetInput, PageArgs, RecordFilterObject, RecordOrderObject, SearchArgs } from './inputs.js';
import { JobArgs } from './job-args.js';
import { ConnectionObject } from './types/connection.js';
import { DatasetList, DatasetObject, PushInstructionsObject } from './types/dataset.js';
import { DatasetStatus } from './types/enums.js';
import { JobList, JobObject } from './types/job.js';
import { type Page, placeBefore, toPage } from './types/page.js';
import { RecordList } from './types/record.js';

@Resolver(() => DatasetObject)
export class DatasetResolver {
  @Query(() => DatasetObject, { nullable: true, description: 'A dataset; null when there is none with this id.' })
  dataset(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() { useCases }: GraphqlContext) {
    return useCases.readCatalog.dataset(id);
  }

  @Query(() => DatasetList, { description: 'Datasets, from newest to oldest.' })
  async datasets(
    @Args(() => SearchArgs) { first, after, search }: SearchArgs,
    @Arg('status', () => [DatasetStatus], { nullable: true, description: 'Only those that stand so.' })
    status: DatasetStatusName[] | null | undefined,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Page<Dataset>> {
    const query = {
      first,
      after: placeBefore('datasets', after),
      search: search ?? undefined,
      status: status ?? undefined,
    };
    return toPage('datasets', await useCases.readCatalog.datasets(query));
  }

  @Mutation(() => DatasetObject, {
    description:
      'Makes a dataset with a column for every field of the sample. Errors, after which nothing is left behind: NOT_FOUND, INVALID_SAMPLE, JOINS_NOT_SUPPORTED, BAD_REQUEST unless exactly one of connectionId and sample is given, INVALID_DESIGN when apply is true and the design cannot be applied.',
  })
  createDataset(
    @Arg('input', () => CreateDatasetInput, { description: 'Its name and what it is built on.' })
    input: CreateDatasetInput,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<Dataset> {
    const { name, connectionId, sample, apply, joins, unions, ...rules } = input;
    const built = { name, connectionId: connectionId ?? undefined, sample: sample ?? undefined, joins, unions };
    return useCases.createDataset({ ...built, apply, rules }, caller);
  }

  @Mutation(() => ID, {
    description:
      'Removes a dataset: rows, push log, jobs and quarantine. Jobs that are not final end in TERMINATED_EXIT and can still be queried for a minute. Returns its id. Errors: NOT_FOUND.',
  })
  deleteDataset(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<string> {
    return useCases.deleteDataset(id);
  }

  @FieldResolver(() => ConnectionObject, { description: 'The connection it is built on.' })
  connection(@Root() { connectionId }: Dataset, @Ctx() { shared }: GraphqlContext) {
    return shared.connection(connectionId);
  }

  @FieldResolver(() => RecordList, {
    description:
      'Rows by keyset paging: a row that does not change while you read the pages comes exactly once, also when other records are deleted in between. A page of large rows may hold fewer than `first` although there are more: see hasNextPage. A cursor from before a reload or rebuild goes on reading the rows from before it, for ten minutes or until a delete commits. Errors: BAD_REQUEST for a filter, order or cursor that does not fit; CURSOR_EXPIRED for a cursor from before a reload or rebuild after that, and for every cursor from before a deletion of all data: read the first page again, without `after`.',
  })
  async records(
    @Root() dataset: Dataset,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Arg('where', () => RecordFilterObject, { nullable: true, description: 'Which rows; all by default.' })
    where: RecordFilterObject | null | undefined,
    @Arg('orderBy', () => [RecordOrderObject], {
      nullable: true,
      description: 'Up to 10 columns; by default rows come in the order of their ids.',
    })
    orderBy: RecordOrderObject[] | null | undefined,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Page<PublicRecord>> {
    const request = { where: where ?? undefined, orderBy: orderBy ?? undefined, first, after: after ?? undefined };
    const { nodes, hasNextPage, endCursor, totalCount } = await useCases.readRecords(dataset, request);
    return { nodes, pageInfo: { hasNextPage, endCursor }, countAll: totalCount };
  }

  @FieldResolver(() => PushInstructionsObject, { description: 'How to push to it.' })
  pushInstructions(@Root() dataset: Dataset, @Ctx() { useCases }: GraphqlContext): Promise<PushInstructions> {
    return useCases.readInstructions(dataset);
  }

  @FieldResolver(() => JobList, { description: 'Its jobs, from newest to oldest.' })
  async jobs(
    @Root() { id: datasetId }: Dataset,
    @Args(() => JobArgs) { first, after, status, kind }: JobArgs,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Page<Job>> {
    const filter = { datasetId, status: status ?? undefined, kind: kind ?? undefined };
    const query = { ...filter, first, after: placeBefore('jobs', after) };
    return toPage('jobs', await useCases.readJobs.jobs(query));
  }

  @FieldResolver(() => JobObject, { nullable: true, description: 'The job accepted last.' })
  async lastJob(@Root() { id: datasetId }: Dataset, @Ctx() { useCases }: GraphqlContext): Promise<Job | null> {
    return (await useCases.readJobs.jobs({ datasetId, first: 1 })).nodes[0] ?? null;
  }
}
