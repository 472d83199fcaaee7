import { type JobOutcome, type LaneJob, NO_COUNTS } from '../domain/job/job.js';
import { loadedWhole } from '../domain/job/whole-job.js';
import { EVERYTHING } from '../domain/query/record-query.js';
import { type Applied, applied, type GroupRun, JOB_TERMINATED } from './group-run.js';
import { generationsOf } from './new-generation.js';
import { replayLog } from './replay-log.js';

/** REBUILD: makes all rows again from the push log, in a generation that replaces the old one, even if the old one is lost. */
export async function rebuildDataset(run: GroupRun, job: LaneJob): Promise<Applied> {
  const { held, progress, deps } = run;
  const { appliedRevision: revision, records } = held.lease;
  progress.enter('PUMPING_DATASOURCES');
  progress.enter('FILLING_JOIN_LAKES');
  progress.enter('JOINING');
  const isOpen = async () => (await deps.lanes.jobsOf(progress.group)).length > 0;
  const replayed = isRestored(run, job)
    ? ({ kind: 'REPLAYED', generation: held.lease.generation, deletedRows: false } as const)
    : await replayLog(run, job, held.lease.finalThrough, isOpen);
  if (replayed.kind === 'NOT_WANTED') return JOB_TERMINATED;
  const { generation, deletedRows } = replayed;
  const rows = await run.storeStep((store) => store.count(generation, EVERYTHING));
  if (!run.committed && (await run.commit([outcomeOf(run, job, rows)])) === 'JOB_TERMINATED') return JOB_TERMINATED;
  progress.enter('FILLING_ES');
  return applied({ deletedRows, swap: { generation, revision, records, rows, sameRecords: true } });
}

/**
 * For a group that cannot be loaded because the generation is gone, while a REBUILD waits later in the lane. Makes the rows of all jobs before the group again, and
 * switches the dataset to them. Returns false and changes nothing if the REBUILD no longer waits, as `isWaiting` says.
 */
export async function restoreRows(
  run: GroupRun,
  rebuild: Pick<LaneJob, 'position'>,
  isWaiting: () => Promise<boolean>,
): Promise<boolean> {
  const { held, deps } = run;
  const replayed = await replayLog(run, rebuild, held.lease.finalThrough, isWaiting);
  if (replayed.kind === 'NOT_WANTED') return false;
  held.stillOwned();
  const { generation, deletedRows } = replayed;
  held.lease = await deps.lanes.replaceGeneration(held.lease, generation, deletedRows);
  return true;
}

/** Whether the rows were already restored for an earlier group. The dataset has known of their tombstones since then. */
function isRestored({ held: { lease } }: GroupRun, job: LaneJob): boolean {
  return lease.generation.startsWith(generationsOf(lease, job));
}

function outcomeOf({ held: { lease } }: GroupRun, job: LaneJob, rows: number): JobOutcome {
  const counts = { ...NO_COUNTS, read: lease.records, added: lease.records, rows };
  return loadedWhole(job, counts, rows - lease.rows);
}
