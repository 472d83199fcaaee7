import type { Clock } from '../ports/clock.js';
import type { Group, Lanes, Lease } from '../ports/lane.js';
import type { PushLog } from '../ports/push-log.js';
import type { Quarantine } from '../ports/quarantine.js';
import type { RecordStore } from '../ports/record-store.js';
import type { StatusNudges } from '../ports/status-nudges.js';
import type { CompiledDesigns } from './compiled-design.js';
import { GroupProgress } from './group-progress.js';
import type { HeldLease } from './held-lease.js';
import { checkStructure } from './phases/check-structure.js';
import { join } from './phases/join.js';
import { quarantineRefused } from './phases/quarantine-refused.js';
import { outcomesOf, releasedBy, rowsOf } from './push-in-work.js';
import { storeStep } from './store-step.js';

export interface LoadDeps {
  readonly lanes: Lanes;
  readonly pushLog: PushLog;
  readonly quarantine: Quarantine;
  /** How many records a dataset may have in quarantine. */
  readonly maxQuarantineRecords: number;
  readonly records: RecordStore;
  readonly designs: CompiledDesigns;
  readonly nudges: StatusNudges;
  readonly clock: Clock;
}

/**
 * Takes a group of jobs from the push log to rows that queries see. Whatever can refuse a record comes before the commit point and touches no row;
 * from the commit point on the group only rolls forward. A group that an earlier attempt committed is gone through again: the same payloads under
 * the same design give the same rows, and those already stored stay as they are. The signal ends a wait for the record store. Answers the lease as it stands behind the group.
 */
export async function loadGroup(deps: LoadDeps, held: HeldLease, group: Group, signal: AbortSignal): Promise<Lease> {
  const { lanes, pushLog, quarantine, records, designs, nudges, clock } = deps;
  const { generation } = held.lease;
  const progress = new GroupProgress(deps, held, group);
  const design = await designs.of(held.lease);

  const jobs = await lanes.jobsOf(group);
  const logged = await pushLog.readPayloads(jobs);

  progress.enter('PUMPING_DATASOURCES');
  const pushes = await checkStructure(logged, design, quarantine);

  progress.enter('FILLING_JOIN_LAKES'); // without unique identifiers no stored record can be meant

  progress.enter('JOINING');
  await join(pushes, design, records);

  await progress.settle();
  if (group.loaded === null) {
    held.stillOwned();
    await quarantineRefused(quarantine, group, pushes, deps.maxQuarantineRecords, clock);
    progress.group = await lanes.commit(held.lease, progress.group, outcomesOf(pushes), clock.now());
    nudges.nudge(group.datasetId);
  }

  const loaded = progress.group.loaded ?? [];
  const rows = rowsOf(pushes, loaded);
  if (rows.length > 0) {
    progress.enter('FILLING_ES');
    await storeStep(held, progress, signal, () => records.writeRows(generation, rows, held.stillOwned));
    await storeStep(held, progress, signal, () => records.refresh(generation));
    await progress.settle();
  }

  held.stillOwned();
  const lease = await lanes.complete(held.lease, progress.group, releasedBy(pushes, loaded), clock.now());
  nudges.nudge(group.datasetId);
  return lease;
}
