import { checkRecords } from '../../domain/push/check-records.js';
import { readPayload } from '../../domain/push/payload.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { Quarantine } from '../../ports/quarantine.js';
import type { CompiledDesign } from '../compiled-design.js';
import { eventLoopTurns } from '../event-loop-turns.js';
import { PushInWork } from '../push-in-work.js';

/** PumpingDatasources: parses the records and holds each against the sample's structure. */
export async function checkStructure(
  logged: readonly LoggedPush[],
  { check, mismatchPolicy }: CompiledDesign,
  quarantine: Quarantine,
): Promise<PushInWork[]> {
  const pushes: PushInWork[] = [];
  const turns = eventLoopTurns();
  for (const { job, payload } of logged) {
    const records = checkRecords(readPayload(payload, job.payload.form), 'data');
    const push = new PushInWork(job, records, mismatchPolicy, await goneFrom(quarantine, job));
    for (const [recordIndex, record] of push.standing()) {
      const mismatches = check(record);
      if (mismatches.length > 0) push.refuseRecord(recordIndex, mismatches);
      await turns.giveWay();
    }
    pushes.push(push);
  }
  return pushes;
}

/** The places of a replay's records that were discarded, or loaded by another replay, since it was asked for. */
async function goneFrom(quarantine: Quarantine, { datasetId, replayOf }: LoggedPush['job']): Promise<Set<number>> {
  if (!replayOf) return new Set();
  const there = new Set((await quarantine.find(datasetId, replayOf)).map(({ id }) => id));
  return new Set(replayOf.flatMap((id, index) => (there.has(id) ? [] : [index])));
}
