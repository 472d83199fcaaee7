import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import { answerParts } from '../../domain/lookups/answer-size.js';
import { type Answer, type Answers, type Need, NO_ANSWERS } from '../../domain/transform/answers.js';
import type { AnswerPart } from '../../ports/answer-log.js';
import type { GroupRun } from '../group-run.js';
import { AnswerFinder } from './find-answers.js';

/** The outside data for a record, by the id of its first row. */
export type AnswersOf = (rowId: string) => Answers;

/** What the records of a page need beyond these answers; none if they need no more. */
export type NeedsOfPage = (answers: Answers) => Promise<readonly Need[]>;

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
  const { lookups } = design;
  if (!lookups) return NO_PAGE_ANSWERS;
  if (committed) return new AnswersFromLog(run, job.id);
  return new FoundAnswers(run, design, new PartWriter(run, job.id));
}

/** For a job that stores nothing. */
export function unrecordedAnswers(run: GroupRun, design: CompiledDesign): PageAnswers {
  return design.lookups ? new FoundAnswers(run, design, null) : NO_PAGE_ANSWERS;
}

const NO_PAGE_ANSWERS: PageAnswers = {
  ofPage: async () => () => NO_ANSWERS,
  end: async () => undefined,
};

class FoundAnswers implements PageAnswers {
  constructor(
    private readonly run: GroupRun,
    private readonly design: CompiledDesign,
    private readonly writer: PartWriter | null,
  ) {}

  async ofPage(rowIds: readonly string[], needsOfPage: NeedsOfPage): Promise<AnswersOf> {
    const finder = new AnswerFinder(this.run, this.design.lookups ?? new Map());
    for (;;) {
      const needs = await needsOfPage(finder.found);
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

  constructor(
    private readonly run: GroupRun,
    private readonly jobId: string,
  ) {}

  async ofPage(rowIds: readonly string[]): Promise<AnswersOf> {
    const [first = '', last = ''] = [rowIds[0], rowIds.at(-1)];
    // Only a part after the page's last record shows that all parts for it have been read.
    while (!this.#isAtEnd && (this.#read.at(-1)?.through ?? '') <= last) await this.#readNext();
    this.#read = this.#read.filter(({ through }) => through >= first);
    return (rowId) => this.#read.find(({ through }) => through >= rowId)?.answers ?? NO_ANSWERS;
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  async #readNext(): Promise<void> {
    const part = await this.run.deps.answerLog.readPart(this.jobId, this.#next);
    if (!part) throw new Error(`the push log has lost part ${this.#next} of the outside data of job ${this.jobId}`);
    this.#next += 1;
    this.#isAtEnd = part.isLast;
    const last = this.#read.at(-1);
    if (last?.through === part.through) for (const [key, answer] of part.answers) last.answers.set(key, answer);
    else if (!part.isLast) this.#read.push({ through: part.through, answers: new Map(part.answers) });
  }
}
