import { type LaneJob, NO_COUNTS } from '../domain/job/job.js';
import { loadedWhole } from '../domain/job/whole-job.js';
import { type Applied, applied, type GroupRun, JOB_TERMINATED } from './group-run.js';
import { newGeneration } from './new-generation.js';

/** DELETE_ALL: replaces the generation with a new, empty one. The cost does not depend on the number of rows. */
export async function clear(run: GroupRun, job: LaneJob): Promise<Applied> {
  const { held, progress } = run;
  const { datasetId, appliedRevision: revision, records, rows } = held.lease;
  const { design } = await run.deps.designs.of(datasetId, revision);
  progress.enter('PUMPING_DATASOURCES');
  progress.enter('FILLING_JOIN_LAKES');
  progress.enter('JOINING');
  if (!run.committed) {
    const counts = { ...NO_COUNTS, read: records, deleted: records };
    if ((await run.commit([loadedWhole(job, counts, -rows)])) === 'JOB_TERMINATED') return JOB_TERMINATED;
  }
  progress.enter('FILLING_ES');
  const generation = await newGeneration(run, job, design);
  await run.storeStep((store) => store.refresh(generation));
  return applied({ swap: { generation, revision, records: 0, rows: 0, sameRecords: false } });
}
