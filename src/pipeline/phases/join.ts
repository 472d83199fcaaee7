import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { JoinedJob } from '../../domain/load/joined-job.js';
import type { GroupRun } from '../group-run.js';
import { AppendedRecords } from './appended-records.js';
import type { ExaminedJob } from './examine.js';
import type { JoinContext, JoinTarget } from './join-context.js';
import { MergedRecords } from './merged-records.js';
import type { RecordChange } from './record-state.js';

/** The joined jobs, and the final state of every record that they change. */
export interface Joined {
  readonly jobs: readonly JoinedJob[];
  /** Can be iterated any number of times. */
  readonly changes: Iterable<RecordChange>;
}

/**
 * JOINING: applies the jobs in lane order; each record starts from the state that earlier jobs left. A refused job has no effect on later jobs. Before the commit
 * point, merged records are converted and compared with the record store's limits, and may be refused. If merged records need outside data, all of it is looked up, and the jobs are
 * joined again.
 */
export async function join(
  run: GroupRun,
  target: JoinTarget,
  jobs: readonly ExaminedJob[],
  design: CompiledDesign,
  { stored, answers }: Pick<JoinContext, 'stored' | 'answers'>,
): Promise<Joined> {
  const context = { run, target, design, stored, answers };
  const records = () => (design.hasIdentifier ? new MergedRecords(context) : new AppendedRecords(context));
  for (;;) {
    const joined = await joinAll(records(), jobs);
    if (!(await answers.lookUp())) return joined;
  }
}

async function joinAll(records: AppendedRecords | MergedRecords, examined: readonly ExaminedJob[]): Promise<Joined> {
  const jobs: JoinedJob[] = [];
  for (const job of examined) jobs.push(await records.join(job));
  return { jobs, changes: records.changes };
}
