import type { RecordMismatches } from '../../domain/job/record-mismatches.js';
import { RefusalTally } from '../../domain/job/refused-records.js';
import { isRefused, type JoinedJob, NO_EFFECTS, type RecordEffects } from '../../domain/load/joined-job.js';
import { type ExaminedJob, reasonsNeeded } from './examine.js';
import type { JoinContext } from './join-context.js';

type Effect = 'added' | 'updated' | 'unchanged' | 'deleted';

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

  /** Counts the effect of one record. `rows`: how many rows it gives. `netRows`: by how many rows the dataset grows. */
  count(effect: Effect, rows: number, netRows: number): void {
    this.#effects[effect] += 1;
    this.#effects.rows += rows;
    this.#effects.netRows += netRows;
  }

  /** The joined job as counted so far. A refused job has no effects. */
  joined(): { readonly joined: JoinedJob; readonly isRefused: boolean } {
    const { push, fault, recordCount: read, leftOut } = this.examined;
    const refused = this.#refusals?.toRefused() ?? this.examined.refused;
    const job = { job: push.job, read, fault, refused, leftOut };
    const isLost = isRefused(job, this.context.design.mismatchPolicy);
    const effects = isLost ? NO_EFFECTS : this.#effects;
    return { joined: { ...job, superseded: this.#superseded, effects }, isRefused: isLost };
  }
}
