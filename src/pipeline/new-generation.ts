import type { Design } from '../domain/design/design.js';
import { storedColumns } from '../domain/design/stored-columns.js';
import type { WaitingJob } from '../domain/job/job.js';
import type { GroupRun } from './group-run.js';

/** Makes a generation for a job. Every attempt has one of its own: what an earlier owner still writes goes where nobody reads. */
export async function newGeneration(run: GroupRun, job: WaitingJob, design: Design): Promise<string> {
  const { lease } = run.held;
  const generation = `rows_${lease.datasetId}_${job.position}_${lease.runToken}`;
  await run.deps.lanes.beginGeneration(lease, generation);
  await run.storeStep((store) => store.createGeneration(generation, storedColumns(design.columns)));
  return generation;
}
