import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Dataset } from '../../domain/dataset.js';
import type { Job, JobError } from '../../domain/job/job.js';
import { WrittenJson } from '../../domain/json/json-value.js';
import type { QuarantinedRecord, QuarantinePlace } from '../../ports/quarantine.js';
import { awaitedJob, WAIT_OPTIONS, type WaitSeconds } from './awaited-job.js';
import type { GraphqlContext } from './context.js';
import { PageArgs } from './inputs.js';
import { JsonScalar } from './scalars.js';
import { DatasetObject } from './types/dataset.js';
import { JobErrorObject, JobObject } from './types/job.js';
import { decodeAfter, type Page, toPlacedPage } from './types/page.js';
import { QuarantinedRecordObject, QuarantineList } from './types/quarantine.js';

const IDS = 'The ids of the records.';

@Resolver(() => QuarantinedRecordObject)
export class QuarantineResolver {
  @Mutation(() => JobObject, {
    description:
      'Loads quarantined records again under the applied design, with a job that takes its turn among the pushes. Records that fit leave the quarantine; the others stay, with the reasons of this replay. A record whose unique identifiers a later job has written or deleted is skipped and marked as superseded. Without ids, the oldest records are loaded, as many as one job takes: at most 1,000, and at most as many bytes as a payload may have. Call it again for the rest. Records that were quarantined before all data was deleted are loaded too. Errors: NOT_FOUND, BAD_REQUEST if there is nothing to replay or the ids are more than one job takes, BACK_PRESSURE if too much is waiting already.',
  })
  replayQuarantine(
    @Arg('datasetId', () => ID, { description: 'The id of the dataset.' }) datasetId: string,
    @Arg('ids', () => [ID], { nullable: true, description: IDS }) ids: string[] | null | undefined,
    @Arg('waitSeconds', () => Int, WAIT_OPTIONS) waitSeconds: WaitSeconds,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    return awaitedJob(context, waitSeconds, 'waitSeconds', () =>
      context.useCases.quarantine.replay(datasetId, ids ?? undefined, context.caller),
    );
  }

  @Mutation(() => Int, {
    description:
      'Removes records from quarantine and returns how many it removed. Without ids, all of them. Errors: NOT_FOUND, BAD_REQUEST for more than 1,000 ids.',
  })
  discardQuarantine(
    @Arg('datasetId', () => ID, { description: 'The id of the dataset.' }) datasetId: string,
    @Arg('ids', () => [ID], { nullable: true, description: IDS }) ids: string[] | null | undefined,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<number> {
    return useCases.quarantine.discard(datasetId, ids ?? undefined, caller);
  }

  @FieldResolver(() => JsonScalar, { description: 'The record as it was pushed.' })
  record(@Root() { record }: QuarantinedRecord): WrittenJson {
    return new WrittenJson(record);
  }

  @FieldResolver(() => [JobErrorObject], {
    description:
      'Why it was refused: up to 10 errors, from its last replay or, if it was never replayed, from its push. Empty if the last replay found it superseded.',
  })
  errors(@Root() { errors, recordIndex }: QuarantinedRecord): JobError[] {
    return errors.map((error) => ({ recordIndex, ...error }));
  }
}

@Resolver(() => DatasetObject)
export class DatasetQuarantineResolver {
  @FieldResolver(() => QuarantineList, {
    description:
      'Its records in quarantine, oldest first. A page of large records may have fewer than `first` records although more follow: check hasNextPage.',
  })
  async quarantine(
    @Root() { id }: Dataset,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { reader, room }: GraphqlContext,
  ): Promise<Page<QuarantinedRecord>> {
    const page = await room.page(async () => {
      const list = await reader.quarantine.list(id, first, quarantinePlace(after));
      return { ...list, bytes: list.nodes.reduce((sum, { record }) => sum + record.length, 0) };
    });
    return toPlacedPage('quarantine', page, ({ position, recordIndex }) => `${position}:${recordIndex}`);
  }
}

function quarantinePlace(after: string | null | undefined): QuarantinePlace | undefined {
  const place = decodeAfter('quarantine', after)?.split(':').map(Number);
  return place && { position: place[0] ?? 0, recordIndex: place[1] ?? 0 };
}
