import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { JoinedJob } from '../../domain/load/joined-job.js';
import { EventLoopTurns } from '../event-loop-turns.js';
import type { GroupRun } from '../group-run.js';
import { AppendedRecords } from './appended-records.js';
import type { ExaminedJob } from './examine.js';
import type { StoredRecords } from './fetch-stored.js';
import type { JoinTarget } from './join-context.js';
import { MergedRecords } from './merged-records.js';
import type { RecordChange } from './record-state.js';

/** What the jobs come to, and every record they change as the last of them leaves it. */
export interface Joined {
  readonly jobs: readonly JoinedJob[];
  /** To be gone through any number of times. */
  readonly changes: Iterable<RecordChange>;
}

/**
 * Joining: takes the jobs in lane order, each record onto what the ones before have made of it; a job that is refused changes nothing for those after
 * it. A merged record is converted, and compared with the record store's limits, before the commit point: it may be refused.
 */
export function join(
  run: GroupRun,
  target: JoinTarget,
  jobs: readonly ExaminedJob[],
  design: CompiledDesign,
  stored: StoredRecords,
): Promise<Joined> {
  const context = { run, target, design, stored, turns: new EventLoopTurns() };
  return design.hasIdentifier ? joinAll(new MergedRecords(context), jobs) : joinAll(new AppendedRecords(context), jobs);
}

async function joinAll(records: AppendedRecords | MergedRecords, examined: readonly ExaminedJob[]): Promise<Joined> {
  const jobs: JoinedJob[] = [];
  for (const job of examined) jobs.push(await records.join(job));
  return { jobs, changes: records.changes };
}
