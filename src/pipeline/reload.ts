import { type CompiledDesign, hidingAsBefore } from '../domain/design/compiled-design.js';
import { designChanges, effectOf } from '../domain/design/design-changes.js';
import { identityKey } from '../domain/design/identity.js';
import type { JobOutcome, LaneJob } from '../domain/job/job.js';
import { loadedWhole } from '../domain/job/whole-job.js';
import type { GroupEnd } from '../ports/lane.js';
import { recordedAnswers } from './answers/page-answers.js';
import { carryTombstones } from './carry-tombstones.js';
import { type Applied, applied, type GroupRun, JOB_TERMINATED } from './group-run.js';
import { liveRecords } from './live-records.js';
import { dropEarly, newGeneration } from './new-generation.js';
import { Reconversion } from './reconversion.js';

/**
 * RELOAD: makes a design the applied one. If that touches stored rows, every record is converted into a new generation, and queries see it only if all records fit.
 * A single mismatch refuses the reload, and everything stays as it was. If a later design has been applied meanwhile, nothing is done.
 */
export async function reload(run: GroupRun, job: LaneJob): Promise<Applied> {
  const { held, progress, deps } = run;
  const { datasetId, appliedRevision, generation, records, rows } = held.lease;
  const { revision = appliedRevision } = job;
  const from = await deps.designs.of(datasetId, appliedRevision);
  const to = hidingAsBefore(await deps.designs.of(datasetId, revision), from);
  progress.enter('PUMPING_DATASOURCES');
  progress.enter('FILLING_JOIN_LAKES');
  progress.enter('JOINING');
  if (revision <= appliedRevision) return commitUnchanged(run, loadedWhole(job), {});
  if (!touchesRows(from, to)) {
    return commitUnchanged(run, loadedWhole(job), { swap: { generation, revision, records, rows, sameRecords: true } });
  }
  return reconvert(run, job, to, isSameIdentity(from, to));
}

async function reconvert(run: GroupRun, job: LaneJob, to: CompiledDesign, sameIdentity: boolean): Promise<Applied> {
  const { held, progress } = run;
  const generation = await newGeneration(run, job, to.design);
  const answers = recordedAnswers(run, job, to, run.committed);
  const reconversion = new Reconversion(run, job, to, {
    target: { generation, content: 'ROWS' },
    answers,
    sameIdentity,
  });
  if ((await takeLiveRecords(run, reconversion)) === 'JOB_TERMINATED') return JOB_TERMINATED;
  const isCarried = sameIdentity && to.hasIdentifier && (await tombstonesNeeded(run, job));
  const deletedRows = isCarried && (await carryTombstones(run, held.lease.generation, generation));
  await answers.end();
  const outcome = reconversion.outcome();
  if (!run.committed && (await run.commit([outcome], held.lease.appliedRevision)) === 'JOB_TERMINATED')
    return JOB_TERMINATED;
  if (outcome.kind === 'REFUSED') {
    await dropEarly(run, generation);
    return applied({});
  }
  progress.enter('FILLING_ES');
  await run.storeStep((store) => store.refresh(generation));
  const { added: records, rows } = outcome.counts;
  const sameRecords = reconversion.isSameRecords;
  return applied({ deletedRows, swap: { generation, revision: to.design.revision, records, rows, sameRecords } });
}

/** Passes every record of the dataset to `reconversion`. Stops early if the job is terminated. */
export async function takeLiveRecords(
  run: GroupRun,
  reconversion: Reconversion,
): Promise<'ALL_TAKEN' | 'JOB_TERMINATED'> {
  const { deps, held, progress } = run;
  for await (const page of liveRecords(run, held.lease.generation)) {
    await reconversion.take(page);
    held.stillOwned();
    const stillOpen = await deps.lanes.jobsOf(progress.group);
    if (stillOpen.length === 0) return 'JOB_TERMINATED';
    await progress.report(reconversion.read, held.lease.records);
  }
  return 'ALL_TAKEN';
}

/** Whether earlier jobs have records in quarantine. If one is replayed, its tombstone shows that the record was deleted after it was pushed. */
async function tombstonesNeeded({ deps }: GroupRun, { datasetId, position }: LaneJob): Promise<boolean> {
  return (await deps.quarantine.countBefore(datasetId, position)) > 0;
}

/** Whether stored rows must be rebuilt when one design replaces another. */
export function touchesRows(from: CompiledDesign, to: CompiledDesign): boolean {
  // Another identity always rebuilds: stored rows could never be found again by their new ids.
  return !isSameIdentity(from, to) || effectOf(designChanges(from.design, to.design)) === 'RELOAD';
}

/** Whether both designs give the same record the same id. */
export function isSameIdentity(from: CompiledDesign, to: CompiledDesign): boolean {
  return identityKey(from.design.columns) === identityKey(to.design.columns);
}

async function commitUnchanged(run: GroupRun, outcome: JobOutcome, end: GroupEnd): Promise<Applied> {
  const { appliedRevision } = run.held.lease;
  if (!run.committed && (await run.commit([outcome], appliedRevision)) === 'JOB_TERMINATED') return JOB_TERMINATED;
  run.progress.enter('FILLING_ES');
  return applied(end);
}
