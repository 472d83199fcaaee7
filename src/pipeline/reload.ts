import type { CompiledDesign } from '../domain/design/compiled-design.js';
import { designChanges, effectOf } from '../domain/design/design-changes.js';
import { identityKey } from '../domain/design/identity.js';
import type { JobOutcome, WaitingJob } from '../domain/job/job.js';
import { loadedWhole } from '../domain/job/whole-job.js';
import type { GroupEnd } from '../ports/lane.js';
import { carryTombstones } from './carry-tombstones.js';
import type { GroupRun } from './group-run.js';
import { liveRecords } from './live-records.js';
import { dropEarly, newGeneration } from './new-generation.js';
import { Rebuild } from './rebuild.js';

/**
 * RELOAD: makes a design the applied one. Where that touches stored rows, every record is taken anew into a generation of its own, which queries do not see
 * until all of them fit; a record that does not refuses the reload, and everything stays as it was. A later design applied meanwhile leaves nothing to do.
 */
export async function reload(run: GroupRun, job: WaitingJob): Promise<GroupEnd | null> {
  const { held, progress, deps } = run;
  const { datasetId, appliedRevision, generation, records, rows } = held.lease;
  const { revision = appliedRevision } = job;
  const [from, to] = [await deps.designs.of(datasetId, appliedRevision), await deps.designs.of(datasetId, revision)];
  progress.enter('PUMPING_DATASOURCES');
  progress.enter('FILLING_JOIN_LAKES');
  progress.enter('JOINING');
  if (revision <= appliedRevision) return commitUnless(run, loadedWhole(job), {});
  if (!touchesRows(from, to)) {
    return commitUnless(run, loadedWhole(job), { swap: { generation, revision, records, rows, sameRecords: true } });
  }
  return rebuild(run, job, to, isSameIdentity(from, to));
}

async function rebuild(
  run: GroupRun,
  job: WaitingJob,
  to: CompiledDesign,
  sameIdentity: boolean,
): Promise<GroupEnd | null> {
  const { held, progress } = run;
  const generation = await newGeneration(run, job, to.design);
  const rebuild = new Rebuild(run, job, to, { generation, content: 'ROWS' }, sameIdentity);
  if (!(await takeLiveRecords(run, rebuild))) return null;
  const isCarried = sameIdentity && to.hasIdentifier && (await tombstonesNeeded(run, job));
  const deletedRows = isCarried && (await carryTombstones(run, held.lease.generation, generation));
  const outcome = rebuild.outcome();
  if (!run.committed && !(await run.commit([outcome], held.lease.appliedRevision))) return null;
  if (outcome.kind === 'REFUSED') {
    await dropEarly(run, generation);
    return {};
  }
  progress.enter('FILLING_ES');
  await run.storeStep((store) => store.refresh(generation));
  const { added: records, updated, rows } = outcome.counts;
  // Those that became the same as another are gone.
  const sameRecords = updated === 0;
  return { deletedRows, swap: { generation, revision: to.design.revision, records, rows, sameRecords } };
}

/** Takes every record that the dataset holds; false when the job was terminated meanwhile. */
export async function takeLiveRecords(run: GroupRun, rebuild: Rebuild): Promise<boolean> {
  const { deps, held, progress } = run;
  for await (const page of liveRecords(run, held.lease.generation)) {
    await rebuild.take(page);
    held.stillOwned();
    const stillOpen = await deps.lanes.jobsOf(progress.group);
    if (stillOpen.length === 0) return false;
    await progress.report(rebuild.read, held.lease.records);
  }
  return true;
}

/** Whether records in quarantine may be replayed, of which tombstones say that they were deleted after they were pushed. */
async function tombstonesNeeded({ deps }: GroupRun, { datasetId, position }: WaitingJob): Promise<boolean> {
  return (await deps.quarantine.countBefore(datasetId, position)) > 0;
}

/** Whether rows are rebuilt when a design takes the place of another. */
export function touchesRows(from: CompiledDesign, to: CompiledDesign): boolean {
  // Whatever the changes say: under another identity stored rows would never be found again.
  return !isSameIdentity(from, to) || effectOf(designChanges(from.design, to.design)) === 'RELOAD';
}

/** Whether both know the same records by the same ids. */
export function isSameIdentity(from: CompiledDesign, to: CompiledDesign): boolean {
  return identityKey(from.design.columns) === identityKey(to.design.columns);
}

async function commitUnless(run: GroupRun, outcome: JobOutcome, end: GroupEnd): Promise<GroupEnd | null> {
  const { appliedRevision } = run.held.lease;
  if (!run.committed && !(await run.commit([outcome], appliedRevision))) return null;
  run.progress.enter('FILLING_ES');
  return end;
}
