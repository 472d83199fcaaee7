import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { answerParts } from '../../domain/lookups/answer-size.js';
import { type Answer, type Answers, hasAddresses, type Need, NO_ANSWERS } from '../../domain/transform/answers.js';
import type { AskingBudget } from '../../ports/address-source.js';
import type { AnswerPart } from '../../ports/answer-log.js';
import type { GroupRun } from '../group-run.js';
import { AnswerFinder, askingBudget, OfflineFinder } from './find-answers.js';

/** The outside data for a record, by the id of its first row. */
export type AnswersOf = (rowId: string) => Answers;

/** What the records of a page need beyond these answers; none if they need no more. */
export type NeedsOfPage = (answersOf: AnswersOf) => Promise<readonly Need[]>;

/** The outside data of stored records that are converted page by page, in the order of their ids. */
export interface PageAnswers {
  ofPage(rowIds: readonly string[], needsOfPage: NeedsOfPage): Promise<AnswersOf>;
  /** Call it after the last page, before the commit point. */
  end(): Promise<void>;
}

/** For a job that converts stored records: finds the outside data and records it, or uses what was recorded before the commit point. */
export function recordedAnswers(
  run: GroupRun,
  job: { readonly id: string },
  design: CompiledDesign,
  committed: boolean,
): PageAnswers {
  const { needsOutsideData, locates } = design;
  if (!needsOutsideData && !locates) return NO_PAGE_ANSWERS;
  if (committed) return new AnswersFromLog(run, job.id, design);
  const writer = new PartWriter(run, job.id);
  if (needsOutsideData) return new FoundAnswers(run, design, writer);
  return run.isFirstAttempt ? NO_PAGE_ANSWERS : new OverriddenAnswers(run, job.id, writer);
}

/** For a job that stores nothing. */
export function unrecordedAnswers(run: GroupRun, design: CompiledDesign): PageAnswers {
  return design.needsOutsideData ? new FoundAnswers(run, design, null) : NO_PAGE_ANSWERS;
}

const NO_PAGE_ANSWERS: PageAnswers = {
  ofPage: async () => () => NO_ANSWERS,
  end: async () => undefined,
};

/** An earlier attempt may have asked a geocoder that the service does not have any more: what it recorded must not be used. */
class OverriddenAnswers implements PageAnswers {
  constructor(
    private readonly run: GroupRun,
    private readonly jobId: string,
    private readonly writer: PartWriter,
  ) {}

  readonly ofPage = NO_PAGE_ANSWERS.ofPage;

  async end(): Promise<void> {
    if (await this.run.deps.answerLog.readPart(this.jobId, 0)) await this.writer.end();
  }
}

class FoundAnswers implements PageAnswers {
  readonly #budget: AskingBudget | null;

  constructor(
    private readonly run: GroupRun,
    private readonly design: CompiledDesign,
    private readonly writer: PartWriter | null,
  ) {
    this.#budget = askingBudget(run);
  }

  async ofPage(rowIds: readonly string[], needsOfPage: NeedsOfPage): Promise<AnswersOf> {
    const finder = new AnswerFinder(this.run, this.design, this.#budget);
    for (;;) {
      const needs = await needsOfPage(() => finder.found);
      if (needs.length === 0) break;
      await finder.find(needs);
    }
    if (finder.found.size > 0) await this.writer?.keep(finder.found, rowIds.at(-1) ?? '');
    return () => finder.found;
  }

  async end(): Promise<void> {
    await this.writer?.end();
  }
}

/** Writes what the pages got as the parts of a job. The last part is empty. */
class PartWriter {
  #next = 0;

  constructor(
    private readonly run: GroupRun,
    private readonly jobId: string,
  ) {}

  async keep(found: Answers, through: string): Promise<void> {
    for (const answers of answerParts(found)) await this.#write({ isLast: false, through, answers });
  }

  async end(): Promise<void> {
    await this.#write({ isLast: true, through: '', answers: NO_ANSWERS });
  }

  async #write(content: Omit<AnswerPart, 'jobId' | 'part'>): Promise<void> {
    const { held, deps } = this.run;
    held.stillOwned();
    await deps.answerLog.keep(held.lease, [{ jobId: this.jobId, part: this.#next, ...content }]);
    this.#next += 1;
  }
}

/**
 * Reads the parts of a job again. Pages may be cut differently now, and the same need may have been answered differently in two of the pages then, so each record gets the answers
 * of the part that it was in.
 */
class AnswersFromLog implements PageAnswers {
  /** The parts that the current page may need, in order; parts of one page are one entry. */
  #read: { readonly through: string; readonly answers: Map<string, Answer> }[] = [];
  #next = 0;
  #isAtEnd = false;
  #wasOnline = false;

  constructor(
    private readonly run: GroupRun,
    private readonly jobId: string,
    private readonly design: CompiledDesign,
  ) {}

  async ofPage(rowIds: readonly string[], needsOfPage: NeedsOfPage): Promise<AnswersOf> {
    const [first = '', last = ''] = [rowIds[0], rowIds.at(-1)];
    // Only a part after the page's last record shows that all parts for it have been read.
    while (!this.#isAtEnd && (this.#read.at(-1)?.through ?? '') <= last) await this.#readNext();
    this.#read = this.#read.filter(({ through }) => through >= first);
    const recorded = (rowId: string) => this.#read.find(({ through }) => through >= rowId)?.answers;
    const offline = await this.#placedOffline(recorded, needsOfPage);
    return (rowId) => recorded(rowId) ?? offline;
  }

  /** If the job was loaded offline, and a geocoder is asked now: places the addresses of the page offline again, adds them to what was recorded, and returns them. */
  async #placedOffline(recorded: (rowId: string) => Answers | undefined, needsOfPage: NeedsOfPage): Promise<Answers> {
    if (!this.design.isOnline || this.#wasOnline) return NO_ANSWERS;
    const finder = new OfflineFinder(this.run);
    for (;;) {
      const needs = await needsOfPage((rowId) => recorded(rowId) ?? finder.found);
      if (needs.length === 0) return finder.found;
      const lookup = needs.find(({ kind }) => kind === 'LOOKUP');
      if (lookup) throw new Error(`the push log has lost the outside data ${lookup.key} of job ${this.jobId}`);
      await finder.find(needs);
      for (const { answers } of this.#read) for (const [key, answer] of finder.found) answers.set(key, answer);
    }
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  async #readNext(): Promise<void> {
    const part = await this.run.deps.answerLog.readPart(this.jobId, this.#next);
    if (!part && this.#next === 0 && !this.design.lookups) {
      // It was loaded offline.
      this.#isAtEnd = true;
      return;
    }
    if (!part) throw new Error(`the push log has lost part ${this.#next} of the outside data of job ${this.jobId}`);
    this.#next += 1;
    this.#isAtEnd = part.isLast;
    this.#wasOnline ||= hasAddresses(part.answers);
    const last = this.#read.at(-1);
    if (last?.through === part.through) for (const [key, answer] of part.answers) last.answers.set(key, answer);
    else if (!part.isLast) this.#read.push({ through: part.through, answers: new Map(part.answers) });
  }
}
