import type { WaitingJob } from '../domain/job/job.js';
import type { GroupEnd, Lease } from '../ports/lane.js';
import { clear } from './clear.js';
import { deleteMatching } from './delete-matching.js';
import { giveUp, isGivenUp } from './given-up.js';
import type { GroupRun } from './group-run.js';
import { examine } from './phases/examine.js';
import { fetchStored } from './phases/fetch-stored.js';
import { join } from './phases/join.js';
import { quarantineRefused } from './phases/quarantine-refused.js';
import { writeRows } from './phases/write-rows.js';
import { rebuildDataset } from './rebuild-dataset.js';
import { reload } from './reload.js';
import { takeBack } from './take-back.js';
import { tryDesign } from './trial.js';

/**
 * Takes a group of jobs from the push log to rows that queries see. Whatever can refuse a record comes before the commit point and touches no row;
 * from the commit point on the group only rolls forward. A group that an earlier attempt committed is gone through again: the same payloads under
 * the same design give the same rows, and those already stored stay as they are. Returns the lease as it stands after the group.
 */
export async function loadGroup(run: GroupRun): Promise<Lease> {
  const { deps, held, progress } = run;
  const { lanes, nudges, clock } = deps;
  const { group } = progress;
  let end: GroupEnd | null = null;
  while (end === null) {
    const jobs = await lanes.jobsOf(group);
    end = isGivenUp(run) ? await giveUp(run, jobs) : await apply(run, jobs);
  }
  await progress.settle();
  held.stillOwned();
  const lease = await lanes.complete(held.lease, progress.group, end, clock.now());
  nudges.nudge(group.datasetId);
  return lease;
}

/** Does what the jobs ask for; null when one of them was terminated meanwhile, so that the others are to be taken again. */
function apply(run: GroupRun, jobs: readonly WaitingJob[]): Promise<GroupEnd | null> {
  const [job] = jobs;
  if (job?.kind === 'RELOAD') return reload(run, job);
  if (job?.kind === 'TRIAL') return tryDesign(run, job);
  if (job?.kind === 'REBUILD') return rebuildDataset(run, job);
  if (job?.kind === 'DELETE_ALL') return clear(run.givingWay(), job);
  if (job?.kind === 'DELETE' && job.payload.form === 'FILTER') return deleteMatching(run, job);
  return loadRecords(run.givingWay(), jobs);
}

async function loadRecords(run: GroupRun, jobs: readonly WaitingJob[]): Promise<GroupEnd | null> {
  const { deps, held, progress } = run;
  const { pushLog, quarantine, records, designs, clock } = deps;
  const { datasetId, appliedRevision, generation } = held.lease;
  const { group } = progress;
  const design = await designs.of(datasetId, appliedRevision);
  const logged = await pushLog.readPayloads(jobs);

  progress.enter('PUMPING_DATASOURCES');
  const work = await examine(logged, design, deps, group.loaded);

  progress.enter('FILLING_JOIN_LAKES');
  const stored = await run.storeStep(() => fetchStored(design.hasIdentifier ? work : [], records, generation));

  progress.enter('JOINING');
  const target = { generation, first: group.first, committed: run.committed };
  const states = await join(run, target, work, design, stored);

  if (!run.committed) {
    held.stillOwned();
    await quarantineRefused(quarantine, held.lease, group, work, deps.maxQuarantineRecords, clock);
    if (!(await run.commit(work.map((inWork) => inWork.outcome())))) return null;
  }

  const loaded = work.filter(({ job }) => run.isLoaded(job.position));
  if (loaded.length > 0) progress.enter('FILLING_ES');
  const { deletedRows, rejected } = await writeRows(run, generation, design, states, stored);

  if (rejected.length > 0) {
    const behind = { ...target, committed: true };
    return { deletedRows, ...(await takeBack(run, behind, { work: loaded, design, stored, rejected })) };
  }
  return { released: loaded.flatMap((inWork) => inWork.released()), deletedRows };
}
