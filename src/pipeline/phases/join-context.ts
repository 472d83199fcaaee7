import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { AnswerBook } from '../answers/answer-book.js';
import type { GroupRun } from '../group-run.js';
import type { StoredRecords } from './fetch-stored.js';

/** The target of a run of jobs. */
export interface JoinTarget {
  readonly generation: string;
  /** The position of the first job. */
  readonly first: number;
  /** Whether the jobs have passed their commit points. If so, their records were accepted there and cannot be refused again. */
  readonly committed: boolean;
}

/** What joining needs in addition to the examined jobs. */
export interface JoinContext {
  readonly run: GroupRun;
  readonly target: JoinTarget;
  readonly design: CompiledDesign;
  readonly stored: StoredRecords;
  readonly answers: AnswerBook;
}
