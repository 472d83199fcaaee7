import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Dataset } from '../../domain/dataset.js';
import type { Design } from '../../domain/design/design.js';
import type { DesignWarning } from '../../domain/design/design-warning.js';
import type { ColumnPatch, DesignEdit } from '../../domain/design/edit-design.js';
import { type ShownFault, shownFaults, shownWarnings } from '../../domain/design/shown-faults.js';
import type { Job } from '../../domain/job/job.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { planOf } from '../../domain/transform/plan-transformations.js';
import { shownStep } from '../../domain/transform/step-kinds.js';
import { isGeolocation } from '../../domain/transform/transformation.js';
import type { Applied } from '../../usecases/apply-changes.js';
import { awaited, awaitedJob, optionalWait, WAIT_OPTIONS, type WaitSeconds } from './awaited-job.js';
import type { GraphqlContext } from './context.js';
import { type ColumnPatchInput, DesignEditInput, UpdateDesignInput } from './design-inputs.js';
import { JsonObjectScalar } from './scalars.js';
import { GeolocationObject } from './transformations/geolocation-types.js';
import { shownGeolocation, toGeolocations } from './transformations/geolocations.js';
import { toTransformations } from './transformations/to-transformations.js';
import { TransformationObject } from './transformations/transformation-types.js';
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
import { DesignPreviewObject } from './types/preview.js';

const DATASET = { description: 'The id of the dataset.' };

@Resolver(() => DatasetObject)
export class DatasetDesignResolver {
  @Mutation(() => DatasetObject, {
    description:
      'Changes the draft of the design. Loads keep using the applied design until you apply the changes. Errors: NOT_FOUND, DESIGN_CONFLICT if the draft has another revision, BAD_REQUEST for an unknown column, INVALID_DESIGN with every fault of the changed columns and transformations, FORBIDDEN if a transformation looks up a dataset that the API key may not read.',
  })
  updateDesign(
    @Arg('datasetId', () => ID, DATASET) datasetId: string,
    @Arg('input', () => UpdateDesignInput, { description: 'The changes.' }) input: UpdateDesignInput,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<Dataset> {
    const { expectedRevision, ...edit } = input;
    return useCases.designDrafts.update(datasetId, { expectedRevision, ...toDesignEdit(edit) }, caller);
  }

  @Mutation(() => DesignPreviewObject, {
    description:
      'Shows what loads would do with records, step by step, and stores nothing. It uses the draft, with the changes in design if you give some: to try one transformation alone, give a list that has only that one. Errors: NOT_FOUND, INVALID_DESIGN with every fault, BAD_REQUEST for more than 100 records, 1,000,000 bytes of JSON or 20,000,000 characters to show, PAYLOAD_TOO_LARGE for a record with more than 100,000 values.',
  })
  async previewDesign(
    @Arg('datasetId', () => ID, DATASET) datasetId: string,
    @Arg('design', () => DesignEditInput, { nullable: true, description: 'Changes to the draft; they are not saved.' })
    design: DesignEditInput | null,
    @Arg('data', () => [JsonObjectScalar], {
      nullable: true,
      description: 'The records; by default the records of the sample, at most the first 100.',
    })
    data: JsonObject[] | null,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<DesignPreviewObject> {
    const request = { ...(design && { design: toDesignEdit(design) }), ...(data && { data }) };
    const records = await useCases.previewDesign(datasetId, request, caller);
    const indexed = records.map((record) => {
      return { ...record, errors: record.errors.map((error) => ({ ...error, recordIndex: record.index })) };
    });
    return { records: indexed };
  }

  @Mutation(() => DatasetObject, {
    description:
      'Resets the draft to the applied design or, before the first apply, to what the sample gives. Errors: NOT_FOUND, RELOAD_IN_PROGRESS, DESIGN_CONFLICT if something else changes the draft at the same time.',
  })
  discardChanges(
    @Arg('datasetId', () => ID, DATASET) datasetId: string,
    @Ctx() { useCases, caller }: GraphqlContext,
  ): Promise<Dataset> {
    return useCases.designDrafts.discard(datasetId, caller);
  }

  @Mutation(() => ApplyChangesResult, {
    description:
      'Makes the draft the design that loads use. Changes that affect loads or stored rows take effect through a RELOAD, a job that takes its turn among the pushes; they apply to everything pushed after it. Queries return the old rows until the RELOAD is COMPLETE. If a stored record does not fit the draft, the RELOAD ends in ERROR_EXIT and nothing changes: the draft is kept, and loads use the previously applied design. Errors: NOT_FOUND, INVALID_DESIGN with every fault, RELOAD_IN_PROGRESS, DESIGN_CONFLICT if something else changed the design at the same time, BACK_PRESSURE if too much is waiting already.',
  })
  async applyChanges(
    @Arg('datasetId', () => ID, DATASET) datasetId: string,
    @Arg('waitSeconds', () => Int, WAIT_OPTIONS) waitSeconds: WaitSeconds,
    @Ctx() context: GraphqlContext,
  ): Promise<Applied> {
    const { useCases, reader, caller } = context;
    const seconds = optionalWait(waitSeconds, 'waitSeconds');
    const applied = await useCases.applyChanges(datasetId, caller);
    if (applied.reload === null) return applied;
    const reload = await awaited(context, applied.reload, seconds);
    return { ...applied, dataset: await reader.catalog.existingDataset(datasetId), reload };
  }

  @Mutation(() => JobObject, {
    description:
      'Tries the draft on the stored records with a TRIAL, a job that changes nothing. When it is COMPLETE, counts.failed is the number of records that would not fit, and errors says why; counts.updated is the number of records that would become the same as another one under the new unique identifiers; counts.unchanged is the number of the others. All counts are zero if applying would not touch stored rows. If a trial of the same draft is not final yet, that job is returned. Errors: NOT_FOUND, NOT_APPLIED before the first apply, INVALID_DESIGN with every fault, DESIGN_CONFLICT if something else changes the draft at the same time, BACK_PRESSURE if too much is waiting already.',
  })
  tryChanges(
    @Arg('datasetId', () => ID, DATASET) datasetId: string,
    @Arg('waitSeconds', () => Int, WAIT_OPTIONS) waitSeconds: WaitSeconds,
    @Ctx() context: GraphqlContext,
  ): Promise<Job> {
    const { useCases, caller } = context;
    return awaitedJob(context, waitSeconds, 'waitSeconds', () => useCases.tryChanges(datasetId, caller));
  }

  @FieldResolver(() => JobObject, {
    nullable: true,
    description: 'The latest trial (see tryChanges) of the current draft; null if this draft has not been tried.',
  })
  trial(@Root() dataset: Dataset, @Ctx() { reader }: GraphqlContext): Promise<Job | null> {
    return reader.jobs.latestTrial(dataset);
  }

  @FieldResolver(() => DesignObject, { description: 'The draft: the design that updateDesign changes.' })
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
      'How the draft differs from the applied design; empty before the first apply. `trial` says how many stored records would not fit the draft, or would become the same.',
  })
  async changes(@Root() dataset: Dataset, @Ctx() { shared }: GraphqlContext): Promise<DesignChangeObject[]> {
    const changes = await shared.changes(dataset);
    return changes.map((change) => ({ ...change, needsReload: change.effect === 'RELOAD' }));
  }
}

@Resolver(() => DesignObject)
export class DesignResolver {
  @FieldResolver(() => [ColumnObject], { description: 'Its columns, each parent before its children.' })
  columns(@Root() design: Design, @Ctx() { shared }: GraphqlContext) {
    return shared.ofDesign(design, shownColumns);
  }

  @FieldResolver(() => [TransformationObject], { description: 'The transformations, in the order in which they run.' })
  transformations(@Root() design: Design, @Ctx() { shared }: GraphqlContext): Promise<TransformationObject[]> {
    return shared.ofDesign(design, shownTransformations);
  }

  @FieldResolver(() => [GeolocationObject], { description: 'The geolocations. They run after the transformations.' })
  geolocations(@Root() design: Design, @Ctx() { shared }: GraphqlContext): Promise<GeolocationObject[]> {
    return shared.ofDesign(design, shownGeolocations);
  }

  @FieldResolver(() => [DesignWarningObject], {
    description:
      'What is allowed but probably not intended: no enabled column, columns without a value in the sample, arrays of objects, unique identifiers that have fractions or that some records lack, and steps that put values of sensitive columns or of datasets with a security name where more callers see them.',
  })
  async warnings(@Root() design: Design, @Ctx() { shared }: GraphqlContext): Promise<readonly DesignWarning[]> {
    return shownWarnings(await shared.warnings(design));
  }

  @FieldResolver(() => [DesignFaultObject], {
    description: 'Everything that prevents it from being applied. Beyond 1,000 faults, one more counts the others.',
  })
  async faults(@Root() design: Design, @Ctx() { shared }: GraphqlContext): Promise<readonly ShownFault[]> {
    return shownFaults(await shared.faults(design));
  }
}

function shownColumns({ columns }: Design) {
  return columns.map((column) => ({ ...column, path: column.origin === 'SAMPLE' ? column.id : null }));
}

function shownTransformations(design: Design): TransformationObject[] {
  const { disabled } = planOf(design);
  const transformations = design.transformations.filter((one) => !isGeolocation(one));
  return transformations.map(({ step, ...transformation }) => ({
    ...transformation,
    disabledReason: disabled.get(transformation.id) ?? null,
    step: shownStep(step),
  }));
}

function shownGeolocations(design: Design): GeolocationObject[] {
  const { disabled } = planOf(design);
  return design.transformations.filter(isGeolocation).map((one) => shownGeolocation(one, disabled.get(one.id) ?? null));
}

function toDesignEdit({
  columns,
  transformations,
  geolocations,
  mismatchPolicy,
  missingFields,
  unknownFields,
}: DesignEditInput): DesignEdit {
  return {
    ...(columns && { columns: columns.map(toPatch) }),
    ...(transformations && { transformations: toTransformations(transformations) }),
    ...(geolocations && { geolocations: toGeolocations(geolocations) }),
    ...(mismatchPolicy && { mismatchPolicy }),
    ...(missingFields && { missingFields }),
    ...(unknownFields && { unknownFields }),
  };
}

function toPatch({ link, ...column }: ColumnPatchInput): ColumnPatch {
  return { ...column, ...(link !== undefined && { link: link && { url: link.url, title: link.title ?? null } }) };
}
