import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Dataset } from '../../domain/dataset.js';
import type { Column, Design } from '../../domain/design/design.js';
import type { DesignChange } from '../../domain/design/design-changes.js';
import { type DesignWarning, designWarnings } from '../../domain/design/design-warnings.js';
import { type DesignFault, validateDesign } from '../../domain/design/validate-design.js';
import type { Job } from '../../domain/job/job.js';
import type { Applied } from '../../usecases/apply-changes.js';
import { awaited, awaitedJob, optionalWait, WAIT_OPTIONS, type WaitSeconds } from './awaited-job.js';
import type { GraphqlContext } from './context.js';
import { UpdateDesignInput } from './design-inputs.js';
import {
  ApplyChangesResult,
  ColumnObject,
  DatasetObject,
  DesignChangeObject,
  DesignFaultObject,
  DesignObject,
  DesignWarningObject,
} from './types/dataset.js';
import { JobObject } from './types/job.js';

const DATASET = { description: 'The dataset.' };

@Resolver(() => DatasetObject)
export class DatasetDesignResolver {
  @Mutation(() => DatasetObject, {
    description:
      'Changes the draft of the design; loads are not touched until changes are applied. Errors: NOT_FOUND, DESIGN_CONFLICT when the draft has another revision, BAD_REQUEST for an unknown column, INVALID_DESIGN with every fault of the columns it changes.',
  })
  updateDesign(
    @Arg('datasetId', () => ID, DATASET) datasetId: string,
    @Arg('input', () => UpdateDesignInput, { description: 'The changes.' }) input: UpdateDesignInput,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Dataset> {
    const { expectedRevision, columns, mismatchPolicy, missingFields, unknownFields } = input;
    return useCases.designDrafts.update(datasetId, {
      expectedRevision,
      columns: columns?.map(({ link, ...column }) => ({
        ...column,
        ...(link !== undefined && { link: link && { url: link.url, title: link.title ?? null } }),
      })),
      ...(mismatchPolicy && { mismatchPolicy }),
      ...(missingFields && { missingFields }),
      ...(unknownFields && { unknownFields }),
    });
  }

  @Mutation(() => DatasetObject, {
    description:
      'Makes the draft what the applied design is; before the first apply, what the sample gives. Errors: NOT_FOUND, RELOAD_IN_PROGRESS, DESIGN_CONFLICT when the draft is changed at the same moment.',
  })
  discardChanges(
    @Arg('datasetId', () => ID, DATASET) datasetId: string,
    @Ctx() { useCases }: GraphqlContext,
  ): Promise<Dataset> {
    return useCases.designDrafts.discard(datasetId);
  }

  @Mutation(() => ApplyChangesResult, {
    description:
      'Makes the draft the design that loads use. Changes that touch loads or stored rows come into force by a RELOAD, a job that takes its turn among the pushes, for everything pushed after it. Queries see the old rows until it is COMPLETE. If a stored record does not fit, it ends in ERROR_EXIT and everything stays as it was: the draft is kept, loads use the design applied before. Errors: NOT_FOUND, INVALID_DESIGN with every fault, RELOAD_IN_PROGRESS, DESIGN_CONFLICT when it was changed meanwhile, BACK_PRESSURE when too much waits already.',
  })
  async applyChanges(
    @Arg('datasetId', () => ID, DATASET) datasetId: string,
    @Arg('waitSeconds', () => Int, WAIT_OPTIONS) waitSeconds: WaitSeconds,
    @Ctx() context: GraphqlContext,
  ): Promise<Applied> {
    const { useCases, caller } = context;
    const seconds = optionalWait(waitSeconds, 'waitSeconds');
    const applied = await useCases.applyChanges(datasetId, caller);
    if (applied.reload === null) return applied;
    const reload = await awaited(context, applied.reload, seconds);
    return { ...applied, dataset: await useCases.readCatalog.existingDataset(datasetId), reload };
  }

  @Mutation(() => JobObject, {
    description:
      'Tries the draft on the stored records, by a TRIAL in the lane that changes nothing. When it is COMPLETE, counts.failed are the records that would not fit, with their errors, counts.updated those that would become the same as another by the identifiers, and counts.unchanged the others; all are zero when applying would not touch stored rows. While a trial of the same draft is not final, returns that one. Errors: NOT_FOUND, NOT_APPLIED before the first apply, INVALID_DESIGN with every fault, DESIGN_CONFLICT when the draft is changed at the same moment, BACK_PRESSURE when too many jobs wait already.',
  })
  tryChanges(
    @Arg('datasetId', () => ID, DATASET) datasetId: string,
    @Arg('waitSeconds', () => Int, WAIT_OPTIONS) waitSeconds: WaitSeconds,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    const { useCases, caller } = context;
    return awaitedJob(context, waitSeconds, 'waitSeconds', () => useCases.tryChanges.accept(datasetId, caller));
  }

  @FieldResolver(() => JobObject, {
    nullable: true,
    description: 'The latest trial of the draft as it is now, by tryChanges; null when it has not been tried.',
  })
  trial(@Root() dataset: Dataset, @Ctx() { useCases }: GraphqlContext): Promise<Job | null> {
    return useCases.tryChanges.latest(dataset);
  }

  @FieldResolver(() => DesignObject, { description: 'The design that is being edited: the draft.' })
  design(@Root() { id, draftRevision }: Dataset, @Ctx() { shared }: GraphqlContext): Promise<Design | null> {
    return shared.design(id, draftRevision);
  }

  @FieldResolver(() => DesignObject, {
    nullable: true,
    description: 'The design that loads use; null until changes are applied.',
  })
  appliedDesign(@Root() { id, appliedRevision }: Dataset, @Ctx() { shared }: GraphqlContext) {
    return appliedRevision === null ? null : shared.design(id, appliedRevision);
  }

  @FieldResolver(() => [DesignChangeObject], {
    description:
      'What the draft changes of the applied design; nothing before the first apply. `trial` tells how many stored records would not fit it, or would become the same.',
  })
  async changes(@Root() dataset: Dataset, @Ctx() { useCases }: GraphqlContext): Promise<DesignChangeObject[]> {
    const changes: DesignChange[] = await useCases.readCatalog.changes(dataset);
    return changes.map((change) => ({ ...change, needsReload: change.effect === 'RELOAD' }));
  }
}

@Resolver(() => DesignObject)
export class DesignResolver {
  @FieldResolver(() => [ColumnObject], { description: 'Its columns, a parent before its children.' })
  columns(@Root() { columns }: Design): (Column & { path: string })[] {
    return columns.map((column) => ({ ...column, path: column.id }));
  }

  @FieldResolver(() => [DesignWarningObject], {
    description:
      'What is allowed and may not be what was meant: no enabled column, columns of which the sample shows no value, arrays of objects, identifiers with fractions or that some records lack.',
  })
  warnings(@Root() { columns }: Design): DesignWarning[] {
    return designWarnings(columns);
  }

  @FieldResolver(() => [DesignFaultObject], { description: 'Everything that keeps it from being applied.' })
  faults(@Root() { columns }: Design): DesignFault[] {
    return validateDesign(columns);
  }
}
