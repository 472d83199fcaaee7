import type { Clock } from '../../ports/clock.js';
import type { Group, Lease } from '../../ports/lane.js';
import type { Quarantine } from '../../ports/quarantine.js';
import type { JobInWork } from '../job-in-work.js';

/** Keeps the records that QUARANTINE refuses, as many as the dataset's bound leaves room for, but none that is too large to be kept. They show once their jobs are final. */
export async function quarantineRefused(
  quarantine: Quarantine,
  lease: Lease,
  group: Group,
  pushes: readonly JobInWork[],
  maxRecords: number,
  clock: Clock,
): Promise<void> {
  let room: number | undefined;
  const now = clock.now();
  for (const push of pushes) {
    if (!push.mayQuarantine) continue;
    room ??= maxRecords - (await quarantine.countBefore(group.datasetId, group.first));
    const kept = push.toQuarantine(room, quarantine.maxRecordBytes, now);
    room -= kept.length;
    await quarantine.keep(lease, kept);
  }
}
