import type { WaitingJob } from '../domain/job/job.js';
import { loadedWhole } from '../domain/job/whole-job.js';
import type { GroupEnd } from '../ports/lane.js';
import type { GroupRun } from './group-run.js';
import { dropEarly, newGeneration } from './new-generation.js';
import { Rebuild } from './rebuild.js';
import { isSameIdentity, takeLiveRecords, touchesRows } from './reload.js';

/**
 * TRIAL: does to the stored records what a reload under this design would do, and keeps nothing but the counts and the errors. Ids are written to a
 * generation that is dropped at once, and only where another identity may make records the same: their number is not bounded by memory.
 */
export async function tryDesign(run: GroupRun, job: WaitingJob): Promise<GroupEnd | null> {
  const { held, progress, deps } = run;
  const { datasetId, appliedRevision } = held.lease;
  const { triedRevision = appliedRevision } = job;
  const [from, to] = [
    await deps.designs.of(datasetId, appliedRevision),
    await deps.designs.of(datasetId, triedRevision),
  ];
  progress.enter('PUMPING_DATASOURCES');
  progress.enter('FILLING_JOIN_LAKES');
  progress.enter('JOINING');
  if (!run.committed) {
    const outcome = touchesRows(from, to) ? await trialOf() : loadedWhole(job);
    if (outcome === null || !(await run.commit([outcome]))) return null;
  }
  progress.enter('FILLING_ES');
  return {};

  async function trialOf() {
    const sameIdentity = isSameIdentity(from, to);
    const generation = sameIdentity ? null : await newGeneration(run, job, to.design);
    const target = generation === null ? null : ({ generation, content: 'IDS' } as const);
    const rebuild = new Rebuild(run, job, to, target, sameIdentity);
    const isWhole = await takeLiveRecords(run, rebuild);
    if (generation !== null) await dropEarly(run, generation);
    return isWhole ? rebuild.trialOutcome() : null;
  }
}
