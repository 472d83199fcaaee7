import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Dataset } from '../../domain/dataset.js';
import type { Job, JobError } from '../../domain/job/job.js';
import type { JsonValue } from '../../domain/json/json-value.js';
import { parseKeptJson } from '../../domain/json/parse-json.js';
import type { QuarantinedRecord, QuarantinePlace } from '../../ports/quarantine.js';
import { awaitedJob, WAIT_OPTIONS, type WaitSeconds } from './awaited-job.js';
import type { GraphqlContext } from './context.js';
import { PageArgs } from './inputs.js';
import { JsonScalar } from './scalars.js';
import { DatasetObject } from './types/dataset.js';
import { JobErrorObject, JobObject } from './types/job.js';
import { type Page, placeBefore, toPlacedPage } from './types/page.js';
import { QuarantinedRecordObject, QuarantineList } from './types/quarantine.js';

const IDS = 'Which records.';

@Resolver(() => QuarantinedRecordObject)
export class QuarantineResolver {
  @Mutation(() => JobObject, {
    description:
      'Loads quarantined records again under the applied design, by a job in the lane: those that fit leave the quarantine, the others stay, with the reasons of this replay; one whose unique identifier a later job has written is not applied but marked as superseded. Without ids it loads the oldest, as many as one job takes: at most 1,000, and as many bytes as a payload may have; call it again for the others. A record that was quarantined before all data was deleted is loaded again too. Errors: NOT_FOUND, BAD_REQUEST when there is nothing to replay or the ids name more than one job takes, BACK_PRESSURE when too much waits already.',
  })
  replayQuarantine(
    @Arg('datasetId', () => ID, { description: 'The dataset.' }) datasetId: string,
    @Arg('ids', () => [ID], { nullable: true, description: IDS }) ids: string[] | null | undefined,
    @Arg('waitSeconds', () => Int, WAIT_OPTIONS) waitSeconds: WaitSeconds,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    return awaitedJob(context, waitSeconds, 'waitSeconds', () =>
      context.useCases.quarantine.replay(datasetId, ids ?? undefined, context.caller),
    );
  }

  @Mutation(() => Int, {
    description: 'Removes quarantined records, without ids all of them, and returns how many. Errors: NOT_FOUND.',
  })
  discardQuarantine(
    @Arg('datasetId', () => ID, { description: 'The dataset.' }) datasetId: string,
    @Arg('ids', () => [ID], { nullable: true, description: IDS }) ids: string[] | null | undefined,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<number> {
    return useCases.quarantine.discard(datasetId, ids ?? undefined);
  }

  @FieldResolver(() => JsonScalar, { description: 'The record as it was pushed.' })
  record(@Root() { record }: QuarantinedRecord): JsonValue {
    return parseKeptJson(record);
  }

  @FieldResolver(() => [JobErrorObject], {
    description:
      'Why it is here: the first 10 reasons of its push, or of the last replay of it. Empty where that found it superseded.',
  })
  errors(@Root() { errors, recordIndex }: QuarantinedRecord): JobError[] {
    return errors.map((error) => ({ recordIndex, ...error }));
  }
}

@Resolver(() => DatasetObject)
export class DatasetQuarantineResolver {
  @FieldResolver(() => QuarantineList, {
    description:
      'Its records in quarantine, oldest first. A page of large records may hold fewer than `first` although there are more: see hasNextPage.',
  })
  async quarantine(
    @Root() { id }: Dataset,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Page<QuarantinedRecord>> {
    const page = await useCases.quarantine.list(id, first, quarantinePlace(after));
    return toPlacedPage('quarantine', page, ({ position, recordIndex }) => `${position}:${recordIndex}`);
  }
}

function quarantinePlace(after: string | null | undefined): QuarantinePlace | undefined {
  const place = placeBefore('quarantine', after)?.split(':').map(Number);
  return place && { position: place[0] ?? 0, recordIndex: place[1] ?? 0 };
}
