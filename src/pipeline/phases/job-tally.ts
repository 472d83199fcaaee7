import type { RecordMismatches } from '../../domain/job/record-mismatches.js';
import { RefusalTally } from '../../domain/job/refused-records.js';
import { isRefused, type JoinedJob, NO_EFFECTS, type RecordEffects } from '../../domain/load/joined-job.js';
import type { ExaminedJob } from './examine.js';
import { reasonsNeeded } from './examine-task.js';
import type { JoinContext } from './join-context.js';

/** Counts the effects of one job, record by record, and collects the records that joining refuses. */
export class JobTally {
  readonly #effects: { -readonly [key in keyof RecordEffects]: number } = { ...NO_EFFECTS };
  readonly #superseded: number[] = [];
  #refusals: RefusalTally | undefined;

  constructor(
    private readonly examined: ExaminedJob,
    private readonly context: JoinContext,
  ) {}

  refuse(index: number, mismatches: RecordMismatches): void {
    const { examined, context } = this;
    const { design, run } = context;
    this.#refusals ??= new RefusalTally(
      reasonsNeeded(examined.push.job, design, run.deps.maxQuarantineRecords),
      examined.refused,
    );
    this.#refusals.add(index, mismatches);
  }

  supersede(index: number): void {
    this.#superseded.push(index);
  }

  /** Counts what one record does: how many rows were stored of it, how many it gives, and whether an address of it is nowhere to be found. */
  count(rowsBefore: number, rows: number, isUnplaced = false): void {
    this.#effects[effectOf(rowsBefore, rows)] += 1;
    this.#effects.rows += rows;
    this.#effects.netRows += rows - rowsBefore;
    if (isUnplaced) this.#effects.unplaced += 1;
  }

  /** The joined job as counted so far. A refused job has no effects. */
  joined(): { readonly joined: JoinedJob; readonly isRefused: boolean } {
    const { push, fault, recordCount: read, leftOut } = this.examined;
    const refused = this.#refusals?.toRefused() ?? this.examined.refused;
    const job = { job: push.job, read, fault, refused, leftOut };
    const isLost = isRefused(job, this.context.design.mismatchPolicy);
    const effects = isLost ? NO_EFFECTS : this.#effects;
    return { joined: { superseded: this.#superseded, effects, ...job }, isRefused: isLost };
  }
}

/** Counts are about records that have rows: one that gives none any more is deleted for the user, although it may be held hidden. */
function effectOf(rowsBefore: number, rows: number): 'added' | 'updated' | 'unchanged' | 'deleted' {
  if (rows > 0) return rowsBefore > 0 ? 'updated' : 'added';
  return rowsBefore > 0 ? 'deleted' : 'unchanged';
}
