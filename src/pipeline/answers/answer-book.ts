import { boundedBatches } from '../../domain/bounded-batches.js';
import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { answerParts, sizeOfAnswers } from '../../domain/lookups/answer-size.js';
import { type Answer, type Answers, hasAddresses, type Need, NO_ANSWERS } from '../../domain/transform/answers.js';
import type { AnswerPart } from '../../ports/answer-log.js';
import type { GroupRun } from '../group-run.js';
import { AnswerFinder, OfflineFinder } from './find-answers.js';

/** How many parts are stored in one request, and about how many bytes. */
const AT_ONCE = { maxItems: 1_000, maxBytes: 16 * 1024 * 1024 };

/** The outside data that the records of one job get. */
export class JobAnswers {
  readonly #found: Map<string, Answer>;
  readonly #wanted = new Map<string, Need>();
  readonly #wasOnline: boolean;

  /** `recorded`: what an earlier attempt recorded, beyond which only addresses that were placed offline can be wanted; null if it is found now. */
  constructor(
    readonly jobId: string,
    private readonly recorded: Answers | null,
  ) {
    this.#found = new Map(recorded);
    this.#wasOnline = recorded !== null && hasAddresses(recorded);
  }

  get found(): Answers {
    return this.#found;
  }

  get wanted(): Iterable<Need> {
    return this.#wanted.values();
  }

  get isWaiting(): boolean {
    return this.#wanted.size > 0;
  }

  /** Notes what a record needs. Its rows are made again when that has been found. */
  want(needs: readonly Need[]): void {
    for (const need of needs) {
      if (this.recorded && (need.kind === 'LOOKUP' || this.#wasOnline))
        throw new Error(
          `job ${this.jobId} was loaded with outside data, of which ${need.key} is missing in the push log`,
        );
      this.#wanted.set(need.key, need);
    }
  }

  take(found: Answers): void {
    for (const key of this.#wanted.keys()) {
      const answer = found.get(key);
      if (answer) this.#found.set(key, answer);
    }
    this.#wanted.clear();
  }
}

type DesignNeeds = Pick<CompiledDesign, 'lookups' | 'locates' | 'isOnline' | 'needsOutsideData'>;
type Job = { readonly id: string; readonly position: number };

/**
 * The outside data of jobs that are loaded together. Before the commit point it is looked up, for all jobs at once, and recorded for each job. After it, an attempt uses what was
 * recorded, so that it makes the same rows. Jobs that recorded no addresses were loaded offline, and their addresses are placed offline again.
 */
export class AnswerBook {
  private constructor(
    private readonly run: GroupRun,
    private readonly finder: AnswerFinder | OfflineFinder | null,
    /** By position. Null if the design needs no outside data. */
    private readonly jobs: ReadonlyMap<number, JobAnswers> | null,
    private readonly recording: 'FOUND' | 'OVERRIDE' | 'NOTHING',
  ) {}

  /** Opens the book of jobs. `committed`: whether they have passed their commit points. */
  static async open(run: GroupRun, design: DesignNeeds, jobs: readonly Job[], committed: boolean): Promise<AnswerBook> {
    const { needsOutsideData, locates, isOnline } = design;
    if (!needsOutsideData && !locates) return new AnswerBook(run, null, null, 'NOTHING');
    const recorded = committed ? await run.deps.answerLog.read(jobs.map(({ id }) => id)) : null;
    const answersOf = (id: string) => new JobAnswers(id, recorded && (recorded.get(id) ?? NO_ANSWERS));
    const byPosition = new Map(jobs.map(({ id, position }) => [position, answersOf(id)]));
    if (committed) return new AnswerBook(run, isOnline ? new OfflineFinder(run) : null, byPosition, 'NOTHING');
    if (!needsOutsideData) return new AnswerBook(run, null, byPosition, run.isFirstAttempt ? 'NOTHING' : 'OVERRIDE');
    return new AnswerBook(run, new AnswerFinder(run, design), byPosition, 'FOUND');
  }

  /** The outside data of the job at this position. */
  of(position: number): JobAnswers {
    if (!this.jobs) return NOTHING_NEEDED;
    const answers = this.jobs.get(position);
    if (!answers) throw new Error(`the job at position ${position} is not loaded here`);
    return answers;
  }

  /** Looks up all that records want. Returns whether they wanted anything: then their rows must be made again. */
  async lookUp(): Promise<boolean> {
    const { finder } = this;
    if (!finder) return false;
    const waiting = [...(this.jobs?.values() ?? [])].filter(({ isWaiting }) => isWaiting);
    if (waiting.length === 0) return false;
    await finder.find(waiting.flatMap(({ wanted }) => [...wanted]));
    for (const job of waiting) job.take(finder.found);
    return true;
  }

  /** Before the commit point, records what every job got. */
  async keep(): Promise<void> {
    if (this.recording === 'FOUND') await this.#keep(this.#parts());
    if (this.recording === 'OVERRIDE') await this.#keep(await this.#overridden());
  }

  async #keep(recorded: Iterable<AnswerPart>): Promise<void> {
    const { held, deps } = this.run;
    for (const parts of boundedBatches(recorded, ({ answers }) => sizeOfAnswers(answers), AT_ONCE)) {
      held.stillOwned();
      await deps.answerLog.keep(held.lease, parts);
    }
  }

  /** An earlier attempt may have asked a geocoder that the service does not have any more: what it recorded must not be used. */
  async #overridden(): Promise<readonly AnswerPart[]> {
    const ids = [...(this.jobs?.values() ?? [])].map(({ jobId }) => jobId);
    const recorded = await this.run.deps.answerLog.read(ids);
    return [...recorded.keys()].map((jobId) => ({ jobId, part: 0, isLast: true, through: '', answers: NO_ANSWERS }));
  }

  *#parts(): Generator<AnswerPart> {
    for (const { jobId, found } of this.jobs?.values() ?? []) {
      if (found.size === 0) continue;
      const parts = answerParts(found);
      for (const [part, answers] of parts.entries())
        yield { jobId, part, isLast: part === parts.length - 1, through: '', answers };
    }
  }
}

const NOTHING_NEEDED = new JobAnswers('', NO_ANSWERS);
