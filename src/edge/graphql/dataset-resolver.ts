import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../../domain/connection.js';
import type { Dataset, DatasetStatus as DatasetStatusName } from '../../domain/dataset.js';
import type { Column } from '../../domain/design/column.js';
import type { Job } from '../../domain/job/job.js';
import type { PushInstructions } from '../../domain/push/push-instructions.js';
import { notFound } from '../../usecases/checks.js';
import type { PublicRecord } from '../../usecases/public-record.js';
import type { GraphqlContext } from './context.js';
import { CreateDatasetInput, distinct, PageArgs, RecordFilterObject, RecordOrderObject, SearchArgs } from './inputs.js';
import { JobArgs } from './job-args.js';
import { ConnectionObject } from './types/connection.js';
import { DatasetList, DatasetObject, RowColumnObject } from './types/dataset.js';
import { DatasetStatus } from './types/enums.js';
import { JobList, JobObject } from './types/job.js';
import { decodeAfter, type Page, toPage } from './types/page.js';
import { PushInstructionsObject } from './types/push-instructions.js';
import { RecordList } from './types/record.js';

@Resolver(() => DatasetObject)
export class DatasetResolver {
  @Query(() => DatasetObject, {
    nullable: true,
    description:
      'The dataset with this id; null if it does not exist. With a viewer token, FORBIDDEN unless its permissions show rows of it, whether or not it exists.',
  })
  dataset(
    @Arg('id', () => ID, { description: 'The id of the dataset.' }) id: string,
    @Ctx() { reader }: GraphqlContext,
  ) {
    return reader.catalog.dataset(id);
  }

  @Query(() => DatasetList, {
    description:
      'All datasets, newest first. An API key that is for some datasets lists only those. Viewer tokens get FORBIDDEN: they read datasets by their ids.',
  })
  async datasets(
    @Args(() => SearchArgs) { first, after, search }: SearchArgs,
    @Arg('status', () => [DatasetStatus], { nullable: true, description: 'Only datasets in one of these statuses.' })
    status: DatasetStatusName[] | null | undefined,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<Page<Dataset>> {
    const query = {
      first,
      after: decodeAfter('datasets', after),
      search: search ?? undefined,
      status: distinct(status),
    };
    return toPage('datasets', await reader.catalog.datasets(query));
  }

  @Mutation(() => DatasetObject, {
    description:
      'Creates a dataset with a column for every field of the sample. After an error, nothing has been created. Errors: NOT_FOUND, INVALID_SAMPLE, JOINS_NOT_SUPPORTED, BAD_REQUEST unless exactly one of connectionId and sample is given, INVALID_DESIGN if apply is true and the design cannot be applied.',
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
      'Deletes a dataset with its rows, push log, jobs and quarantine, and returns its id. Jobs that are not final end in TERMINATED_EXIT and can still be queried for a minute. Errors: NOT_FOUND, IN_USE if transformations of other datasets look it up.',
  })
  deleteDataset(
    @Arg('id', () => ID, { description: 'The id of the dataset.' }) id: string,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<string> {
    return useCases.deleteDataset(id, caller);
  }

  @FieldResolver(() => Int, { description: 'How many records have rows in it, counting all completed jobs.' })
  recordCount(@Root() dataset: Dataset, @Ctx() { reader }: GraphqlContext): Promise<number> {
    return reader.records.recordCount(dataset);
  }

  @FieldResolver(() => Int, { description: 'How many rows it holds. A record may give several rows, or none.' })
  rowCount(@Root() dataset: Dataset, @Ctx() { reader }: GraphqlContext): Promise<number> {
    return reader.records.rowCount(dataset);
  }

  @FieldResolver(() => [RowColumnObject], {
    description:
      'The columns that the caller sees in its rows and can filter and order by; none before the first apply. Errors: FORBIDDEN if it may not read rows.',
  })
  columns(@Root() dataset: Dataset, @Ctx() { reader }: GraphqlContext): Promise<readonly Column[]> {
    return reader.records.columns(dataset);
  }

  @FieldResolver(() => ConnectionObject, {
    description:
      'The connection it is built on. Errors: NOT_FOUND for a deleted dataset, which its jobs still name, if the connection is deleted too.',
  })
  async connection(@Root() { connectionId }: Dataset, @Ctx() { shared }: GraphqlContext): Promise<Connection> {
    const connection = await shared.connection(connectionId);
    if (!connection) throw notFound('connection', connectionId);
    return connection;
  }

  @FieldResolver(() => RecordList, {
    description:
      'Its rows, read with keyset paging: a row that does not change while you read the pages is returned exactly once, even if other records are deleted meanwhile. A page of large rows, or of rows with many values, may have fewer than `first` rows although more follow: check hasNextPage. It has at most 25,000 values, nulls and elements of arrays included, unless it is a single row. A cursor from before a reload or rebuild continues to read the old rows, for ten minutes or until a delete commits. Errors: BAD_REQUEST for a filter, order or cursor that does not fit. CURSOR_EXPIRED for a cursor whose rows are gone: the time above is over, or all data was deleted. Read the first page again, without `after`.',
  })
  async records(
    @Root() dataset: Dataset,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Arg('where', () => RecordFilterObject, {
      nullable: true,
      description: 'Which rows to return. The default is all rows.',
    })
    where: RecordFilterObject | null | undefined,
    @Arg('orderBy', () => [RecordOrderObject], {
      nullable: true,
      description: 'Up to 10 columns to order by. The default order is by row id.',
    })
    orderBy: RecordOrderObject[] | null | undefined,
    @Ctx() { reader, room }: GraphqlContext,
  ): Promise<Page<PublicRecord>> {
    const request = { where: where ?? undefined, orderBy: orderBy ?? undefined, first, after: after ?? undefined };
    const { nodes, hasNextPage, endCursor, totalCount } = await room.page(() => reader.records.page(dataset, request));
    return { nodes, pageInfo: { hasNextPage, endCursor }, countAll: totalCount };
  }

  @FieldResolver(() => PushInstructionsObject, { description: 'Commands for pushing to it.' })
  pushInstructions(@Root() dataset: Dataset, @Ctx() { shared }: GraphqlContext): Promise<PushInstructions> {
    return shared.instructions(dataset);
  }

  @FieldResolver(() => JobList, { description: 'Its jobs, newest first.' })
  async jobs(
    @Root() { id: datasetId }: Dataset,
    @Args(() => JobArgs) { first, after, status, kind }: JobArgs,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<Page<Job>> {
    const filter = { datasetId, status: distinct(status), kind: distinct(kind) };
    const query = { ...filter, first, after: decodeAfter('jobs', after) };
    return toPage('jobs', await reader.jobs.jobs(query));
  }

  @FieldResolver(() => JobObject, { nullable: true, description: 'The job that was accepted last.' })
  async lastJob(@Root() { id: datasetId }: Dataset, @Ctx() { reader }: GraphqlContext): Promise<Job | null> {
    return (await reader.jobs.jobs({ datasetId, first: 1 })).nodes[0] ?? null;
  }
}
