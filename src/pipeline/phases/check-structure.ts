import { checkRecords } from '../../domain/push/check-records.js';
import { readPayload } from '../../domain/push/payload.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { CompiledDesign } from '../compiled-design.js';
import { eventLoopTurns } from '../event-loop-turns.js';
import { PushInWork } from '../push-in-work.js';

/** PumpingDatasources: parses the records and holds each against the sample's structure. Mismatches refuse their push. */
export async function checkStructure(logged: readonly LoggedPush[], { check }: CompiledDesign): Promise<PushInWork[]> {
  const pushes: PushInWork[] = [];
  const turns = eventLoopTurns();
  for (const { job, payload } of logged) {
    const push = new PushInWork(job, checkRecords(readPayload(payload, job.payload.form), 'data'));
    for (const [recordIndex, record] of push.records.entries()) {
      const mismatches = check(record);
      if (mismatches.length > 0) push.refuseRecord(recordIndex, mismatches);
      await turns.giveWay();
    }
    pushes.push(push);
  }
  return pushes;
}
