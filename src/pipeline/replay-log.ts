import { type LaneJob, standsAlone } from '../domain/job/job.js';
import type { HistoricJob } from '../ports/push-log.js';
import { AnswerBook } from './answers/answer-book.js';
import { recordedAnswers } from './answers/page-answers.js';
import { carryTombstones } from './carry-tombstones.js';
import { deleteResolved } from './delete-matching.js';
import { type GroupRun, refuseRejected } from './group-run.js';
import { liveRecords } from './live-records.js';
import { dropEarly, newGeneration } from './new-generation.js';
import { examine } from './phases/examine.js';
import { fetchStored, NOTHING_STORED } from './phases/fetch-stored.js';
import { join } from './phases/join.js';
import { writeRows } from './phases/write-rows.js';
import { Reconversion } from './reconversion.js';
import { isSameIdentity, touchesRows } from './reload.js';

/** REPLAYED: the generation with the new rows, and whether it has tombstones. NOT_WANTED: the job that needed the rows is gone. */
type Replayed = ReplayedRows | { readonly kind: 'NOT_WANTED' };

interface ReplayedRows {
  readonly kind: 'REPLAYED';
  readonly generation: string;
  readonly deletedRows: boolean;
}

/**
 * Makes the rows of a lane again, up to and including the position `through`, in a new generation of `job`. It runs all jobs again in lane order, each under the design it
 * was loaded with, and without the records that its commit point left out. Every row comes out as it was: same id, version, time and values. Calls `isWanted` after every
 * part of the log.
 */
export async function replayLog(
  run: GroupRun,
  job: Pick<LaneJob, 'position'>,
  through: number,
  isWanted: () => Promise<boolean>,
): Promise<Replayed> {
  const { datasetId, appliedRevision } = run.held.lease;
  const replay = new LogReplay(run, job);
  for await (const batch of run.deps.pushLog.history(datasetId, through)) {
    for (const alike of runsOf(batch)) await replay.take(alike);
    await run.progress.report(batch.at(-1)?.job.position ?? 0, through);
    run.held.stillOwned();
    if (!(await isWanted())) return { kind: 'NOT_WANTED' };
  }
  return replay.end(appliedRevision);
}

class LogReplay {
  /** The generation that has the rows so far, and the revision of their design. */
  #at: { readonly generation: string; readonly revision: number } | undefined;
  /** Whether tombstones have been written. */
  #deletedRows = false;
  #generations = 0;

  constructor(
    private readonly run: GroupRun,
    private readonly job: Pick<LaneJob, 'position'>,
  ) {}

  /** Runs jobs again that can be loaded together, under one design. */
  async take(jobs: readonly HistoricJob[]): Promise<void> {
    const [first] = jobs;
    if (!first) return;
    const { job, revision } = first;
    if (job.kind === 'RELOAD') return this.#reload(job, revision);
    const generation = await this.#generationFor(revision);
    if (job.kind === 'DELETE' && job.payload.form === 'FILTER') return this.#deleteMatching(job, generation);
    if (job.kind !== 'REBUILD' && job.kind !== 'TRIAL') await this.#loadRecords(jobs, revision, generation);
  }

  /** Makes all rows visible, and returns their generation. */
  async end(revision: number): Promise<ReplayedRows> {
    const generation = await this.#generationFor(revision);
    await this.run.storeStep((store) => store.refresh(generation));
    return { kind: 'REPLAYED', generation, deletedRows: this.#deletedRows };
  }

  /** The current generation, or the first one. Design changes without a reload keep the rows where they are. */
  async #generationFor(revision: number): Promise<string> {
    const generation = this.#at?.generation ?? (await this.#newGeneration(revision));
    this.#at = { generation, revision };
    return generation;
  }

  async #newGeneration(revision: number): Promise<string> {
    const { design } = await this.run.deps.designs.of(this.run.held.lease.datasetId, revision);
    const generation = await newGeneration(this.run, this.job, design, this.#generations);
    this.#generations += 1;
    return generation;
  }

  async #loadRecords(jobs: readonly HistoricJob[], revision: number, generation: string): Promise<void> {
    const { deps, held } = this.run;
    const design = await deps.designs.of(held.lease.datasetId, revision);
    const loaded = jobs.map((one) => one.loaded);
    const answers = await AnswerBook.open(
      this.run,
      design,
      jobs.map(({ job }) => job),
      true,
    );
    const examined = await examine(jobs, design, deps, { committed: loaded, answers });
    const stored = design.hasIdentifier
      ? await this.run.storeStep((store) => fetchStored(examined, store, generation))
      : NOTHING_STORED;
    const target = { generation, first: loaded[0]?.position ?? 0, committed: true };
    const { changes } = await join(this.run, target, examined, design, { stored, answers });
    const { rejected, deletedRows } = await writeRows(this.run, generation, design, changes, { stored, answers });
    this.#deletedRows ||= deletedRows;
    refuseRejected(rejected);
  }

  async #deleteMatching(job: LaneJob, generation: string): Promise<void> {
    this.#deletedRows = true;
    await deleteResolved(this.run, job, generation);
  }

  /** Converts the rows as the reload did. */
  async #reload(job: LaneJob, revision: number): Promise<void> {
    const { designs } = this.run.deps;
    const { datasetId } = this.run.held.lease;
    const before = this.#at;
    if (!before) return;
    const [from, to] = [await designs.of(datasetId, before.revision), await designs.of(datasetId, revision)];
    this.#at = { ...before, revision };
    if (!touchesRows(from, to)) return;
    await this.run.storeStep((store) => store.refresh(before.generation));
    const generation = await this.#newGeneration(revision);
    const sameIdentity = isSameIdentity(from, to);
    const reconversion = new Reconversion(this.run, job, to, {
      target: { generation, content: 'ROWS' },
      answers: recordedAnswers(this.run, job, to, true),
      sameIdentity,
    });
    for await (const page of liveRecords(this.run, before.generation)) await reconversion.take(page);
    if (reconversion.outcome().kind === 'REFUSED')
      throw new Error(`reload ${job.id} is COMPLETE in the log, but its records do not fit its design now`);
    const isCarried = sameIdentity && to.hasIdentifier;
    this.#deletedRows = isCarried && (await carryTombstones(this.run, before.generation, generation));
    this.#at = { generation, revision };
    await dropEarly(this.run, before.generation);
  }
}

/** Splits jobs into runs: adjacent pushes and deletes by identifiers under one design together, every other job alone. */
function* runsOf(batch: readonly HistoricJob[]): Generator<readonly HistoricJob[]> {
  let alike: HistoricJob[] = [];
  for (const one of batch) {
    const [first] = alike;
    if (first && (standsAlone(first.job) || standsAlone(one.job) || first.revision !== one.revision)) {
      yield alike;
      alike = [];
    }
    alike.push(one);
  }
  if (alike.length > 0) yield alike;
}
