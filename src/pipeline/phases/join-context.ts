import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { EventLoopTurns } from '../event-loop-turns.js';
import type { GroupRun } from '../group-run.js';
import type { StoredRecords } from './fetch-stored.js';

/** Where a run of jobs is loaded to. */
export interface JoinTarget {
  readonly generation: string;
  /** The first of their positions. */
  readonly first: number;
  /** They have passed their commit points: what can refuse a record did not. */
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
