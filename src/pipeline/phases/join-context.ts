import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { EventLoopTurns } from '../event-loop-turns.js';
import type { GroupRun } from '../group-run.js';
import type { StoredRecords } from './fetch-stored.js';

/** Where a run of jobs is loaded to. */
export interface JoinTarget {
  readonly generation: string;
  /** The first of their positions. */
  readonly first: number;
  /** Whether the jobs have passed their commit points: then their records were accepted there, and cannot be refused again. */
  readonly committed: boolean;
}

/** What all is joined with. */
export interface JoinContext {
  readonly run: GroupRun;
  readonly target: JoinTarget;
  readonly design: CompiledDesign;
  readonly stored: StoredRecords;
  readonly turns: EventLoopTurns;
}
