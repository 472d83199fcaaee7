import type { CompiledDesign } from '../domain/design/compiled-design.js';
import type { JobOutcome, LaneJob } from '../domain/job/job.js';
import { type JoinedJob, outcomeOf, releasedBy } from '../domain/load/joined-job.js';
import type { Lease } from '../ports/lane.js';
import type { LoggedPush } from '../ports/push-log.js';
import { type AheadPushes, NOTHING_AHEAD } from './ahead.js';
import { AnswerBook } from './answers/answer-book.js';
import { clear } from './clear.js';
import { deleteMatching } from './delete-matching.js';
import { giveUp, isGivenUp } from './given-up.js';
import { type Applied, applied, type GroupRun, JOB_TERMINATED } from './group-run.js';
import { examine } from './phases/examine.js';
import { NOTHING_STORED, type ReadRows, StoredReads } from './phases/fetch-stored.js';
import { join } from './phases/join.js';
import { quarantineRefused } from './phases/quarantine-refused.js';
import { writeRows } from './phases/write-rows.js';
import { rebuildDataset } from './rebuild-dataset.js';
import { reload } from './reload.js';
import { takeBack } from './take-back.js';
import { tryDesign } from './trial.js';

/**
 * Loads a group of jobs from the push log into rows that queries see. Everything that checks a record happens before the commit point and changes no row. After
 * the commit point, the group only rolls forward. If an earlier attempt has committed the group, all phases run again: the same payloads under the same design give the
 * same rows, and rows that are already stored stay as they are. Returns the updated lease.
 */
export async function loadGroup(run: GroupRun): Promise<Lease> {
  const { deps, held, progress } = run;
  const { lanes, nudges, settled, clock } = deps;
  let result: Applied = JOB_TERMINATED;
  while (result.kind === 'JOB_TERMINATED') {
    const jobs = await lanes.jobsOf(progress.group);
    result = isGivenUp(run) ? await giveUp(run, jobs) : await apply(run, jobs);
  }
  await progress.settle();
  held.stillOwned();
  const lease = await lanes.complete(held.lease, progress.group, result.end, clock.now());
  settled.put(lease.datasetId, { position: lease.finalThrough, bytes: lease.finalBytes });
  nudges.nudge(lease.datasetId);
  return lease;
}

/** Applies the jobs, by their kind. */
function apply(run: GroupRun, jobs: readonly LaneJob[]): Promise<Applied> {
  const [job] = jobs;
  if (job?.kind === 'RELOAD') return reload(run, job);
  if (job?.kind === 'TRIAL') return tryDesign(run, job);
  if (job?.kind === 'REBUILD') return rebuildDataset(run, job);
  if (job?.kind === 'DELETE_ALL') return clear(run.throwingBlocked(), job);
  if (job?.kind === 'DELETE' && job.payload.form === 'FILTER') return deleteMatching(run, job);
  return loadRecords(run.throwingBlocked(), jobs);
}

async function loadRecords(run: GroupRun, jobs: readonly LaneJob[]): Promise<Applied> {
  const { deps, held, progress } = run;
  const { datasetId, appliedRevision, generation } = held.lease;
  const { group } = progress;
  const design = await deps.designs.of(datasetId, appliedRevision);
  // An attempt after the commit point examines all records again, since some are left out there.
  const ahead = run.committed ? NOTHING_AHEAD : await run.ahead.take(design);
  const pushes = await readPushes(run, jobs, ahead);

  progress.enter('PUMPING_DATASOURCES');
  const answers = await AnswerBook.open(run, design, jobs, run.committed);
  const reads = design.hasIdentifier
    ? new StoredReads((ids, room) => deps.records.readRows(generation, ids, room))
    : null;
  const examined = await examine(pushes, design, deps, {
    committed: group.loaded,
    answers,
    ahead,
    // What was interrupted may have ended its process: it is tried again without anything beside it.
    threads: run.isUndisturbed ? deps.threads : null,
    onExamined: reads?.add,
  });

  progress.enter('FILLING_JOIN_LAKES');
  const again: ReadRows = (ids, room) => run.storeStep((store) => store.readRows(generation, ids, room));
  const stored = reads ? await reads.all(again) : NOTHING_STORED;

  progress.enter('JOINING');
  const target = { generation, first: group.first, committed: run.committed };
  const joined = await join(run, target, examined, design, { stored, answers });

  const isRepeated = run.committed;
  if (!isRepeated) {
    await answers.keep();
    const outcomes = await outcomesOf(run, pushes, joined.jobs, design);
    if ((await run.commit(outcomes)) === 'JOB_TERMINATED') return JOB_TERMINATED;
  }

  const positions = run.loadedPositions();
  const loaded = joined.jobs.filter(({ job }) => positions.has(job.position));
  if (loaded.length === 0) return applied({});
  progress.enter('FILLING_ES');
  // A push that ends or stalls its reader must not do so to this group again.
  if (run.isUndisturbed) run.ahead.begin(group, design);
  const written = await writeRows(run, generation, design, joined.changes, { stored, answers });
  // Refresh even if all rows were already written: an earlier attempt may have ended before it made them visible.
  await run.storeStep((store) => store.refresh(generation));
  // What an earlier attempt has written is not written again, so its tombstones are unknown.
  const deletedRows = written.deletedRows || isRepeated || run.deletesRecords;
  if (written.rejected.length === 0) return applied({ released: loaded.flatMap(releasedBy), deletedRows });
  const afterCommit = { ...target, committed: true };
  const ofLoaded = examined.filter(({ push }) => positions.has(push.job.position));
  const refused = { examined: ofLoaded, joined: loaded, design, stored, answers, rejected: written.rejected };
  return applied({ deletedRows, ...(await takeBack(run, afterCommit, refused)) });
}

/** The payloads of the jobs: those that were read ahead, and all others from the push log. */
async function readPushes({ deps }: GroupRun, jobs: readonly LaneJob[], ahead: AheadPushes) {
  const read = await deps.pushLog.readPayloads(jobs.filter(({ position }) => !ahead.has(position)));
  const others = new Map(read.map((push) => [push.job.position, push]));
  return jobs.flatMap((job): LoggedPush[] => {
    const payload = ahead.get(job.position)?.payload ?? others.get(job.position)?.payload;
    return payload ? [{ job, payload }] : [];
  });
}

/** Stores refused records in quarantine if the policy is QUARANTINE. Returns the outcomes for the commit point. */
async function outcomesOf(
  run: GroupRun,
  pushes: readonly LoggedPush[],
  jobs: readonly JoinedJob[],
  { mismatchPolicy }: CompiledDesign,
): Promise<readonly JobOutcome[]> {
  const { deps, held, progress } = run;
  const { datasetId, first } = progress.group;
  held.stillOwned();
  const quarantined = await quarantineRefused(run, pushes, jobs, mismatchPolicy, async () => {
    return deps.maxQuarantineRecords - (await deps.quarantine.countBefore(datasetId, first));
  });
  return jobs.map((joined) => outcomeOf(joined, mismatchPolicy, quarantined.get(joined.job.position) ?? 0));
}
