import type { Design } from '../domain/design/design.js';
import { storedColumns } from '../domain/design/stored-columns.js';
import type { LaneJob } from '../domain/job/job.js';
import type { Lease } from '../ports/lane.js';
import type { GroupRun } from './group-run.js';

/**
 * Creates a generation for a job. Every attempt has its own generation, so late writes of an earlier owner go where no query reads. `step` distinguishes the
 * generations of one attempt.
 */
export async function newGeneration(
  run: GroupRun,
  job: Pick<LaneJob, 'position'>,
  design: Design,
  step = 0,
): Promise<string> {
  const { lease } = run.held;
  const generation = `${generationsOf(lease, job)}${lease.runToken}${step > 0 ? `_${step}` : ''}`;
  await run.deps.generations.begin(generation, lease.datasetId, design.revision, lease.runToken);
  await run.storeStep((store) => store.createGeneration(generation, storedColumns(design.columns)));
  return generation;
}

/** The common prefix of the names of all generations of a job. */
export function generationsOf({ datasetId }: Lease, { position }: Pick<LaneJob, 'position'>): string {
  return `rows_${datasetId}_${position}_`;
}

/** Drops a generation of this run that no query will read. If that fails, the upkeep drops it later. */
export async function dropEarly({ deps: { records, reportError } }: GroupRun, generation: string): Promise<void> {
  try {
    await records.dropGeneration(generation);
  } catch (error) {
    reportError(error, `dropping generation ${generation}, which the upkeep will drop later`);
  }
}
