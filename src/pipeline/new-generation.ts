import type { Design } from '../domain/design/design.js';
import { storedColumns } from '../domain/design/stored-columns.js';
import type { LaneJob } from '../domain/job/job.js';
import type { Lease } from '../ports/lane.js';
import type { GroupRun } from './group-run.js';

/**
 * Makes a generation for a job. Every attempt has one of its own: what an earlier owner still writes goes where nobody reads. `step` tells those of one attempt
 * apart.
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

/** What the names of all generations of a job begin with. */
export function generationsOf({ datasetId }: Lease, { position }: Pick<LaneJob, 'position'>): string {
  return `rows_${datasetId}_${position}_`;
}

/** Drops a generation of this run that nobody will read. If that fails, the upkeep drops it later. */
export async function dropEarly({ deps: { records, reportError } }: GroupRun, generation: string): Promise<void> {
  try {
    await records.dropGeneration(generation);
  } catch (error) {
    reportError(error, `dropping generation ${generation}, which the upkeep will drop later`);
  }
}
