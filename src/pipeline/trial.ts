import { hidingAsBefore } from '../domain/design/compiled-design.js';
import type { LaneJob } from '../domain/job/job.js';
import { loadedWhole } from '../domain/job/whole-job.js';
import { unrecordedAnswers } from './answers/page-answers.js';
import { type Applied, applied, type GroupRun, JOB_TERMINATED } from './group-run.js';
import { dropEarly, newGeneration } from './new-generation.js';
import { Reconversion } from './reconversion.js';
import { isSameIdentity, takeLiveRecords, touchesRows } from './reload.js';

/**
 * TRIAL: converts the stored records as a reload under this design would, and keeps only the counts and the errors. If the identity changes, records may become the same:
 * then their ids are written to a generation that is dropped afterwards, because their number is not bounded by memory.
 */
export async function tryDesign(run: GroupRun, job: LaneJob): Promise<Applied> {
  const { held, progress, deps } = run;
  const { datasetId, appliedRevision } = held.lease;
  const { triedRevision = appliedRevision } = job;
  const from = await deps.designs.of(datasetId, appliedRevision);
  const to = hidingAsBefore(await deps.designs.of(datasetId, triedRevision), from);
  progress.enter('PUMPING_DATASOURCES');
  progress.enter('FILLING_JOIN_LAKES');
  progress.enter('JOINING');
  if (!run.committed) {
    const trial = touchesRows(from, to) ? await trialOf() : ({ kind: 'TRIED', outcome: loadedWhole(job) } as const);
    if (trial.kind === 'JOB_TERMINATED') return trial;
    if ((await run.commit([trial.outcome])) === 'JOB_TERMINATED') return JOB_TERMINATED;
  }
  progress.enter('FILLING_ES');
  return applied({});

  async function trialOf() {
    const sameIdentity = isSameIdentity(from, to);
    const generation = sameIdentity ? null : await newGeneration(run, job, to.design);
    const target = generation === null ? null : ({ generation, content: 'IDS' } as const);
    const reconversion = new Reconversion(run, job, to, { target, answers: unrecordedAnswers(run, to), sameIdentity });
    const taken = await takeLiveRecords(run, reconversion);
    if (generation !== null) await dropEarly(run, generation);
    if (taken === 'JOB_TERMINATED') return JOB_TERMINATED;
    return { kind: 'TRIED', outcome: reconversion.trialOutcome() } as const;
  }
}
