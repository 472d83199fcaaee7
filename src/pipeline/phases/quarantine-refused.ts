import type { MismatchPolicy } from '../../domain/design/design.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import { isQuarantined, type JoinedJob } from '../../domain/load/joined-job.js';
import { readRecords } from '../../domain/push/payload.js';
import { endTurn, inTurns } from '../../event-loop/turns.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { QuarantinedRecord } from '../../ports/quarantine.js';
import type { GroupRun } from '../group-run.js';

/** Records of one write: to write all 10,000 at once would keep others waiting. */
const KEPT_AT_ONCE = 1_000;

/** How many records were put into quarantine, by job position. */
export type QuarantinedCounts = ReadonlyMap<number, number>;

/**
 * Stores refused records in quarantine until it is full; skips records that are too large. They become visible when their jobs are final. Their payloads are parsed again,
 * so that memory need not hold all records for the few that are refused.
 */
export async function quarantineRefused(
  run: GroupRun,
  pushes: readonly LoggedPush[],
  jobs: readonly JoinedJob[],
  policy: MismatchPolicy,
  roomLeft: () => Promise<number>,
): Promise<QuarantinedCounts> {
  const { quarantine, clock } = run.deps;
  const counts = new Map<number, number>();
  let room: number | undefined;
  const now = clock.now();
  for (const joined of jobs) {
    const { job, refused } = joined;
    if (!isQuarantined(job, policy) || refused.indexes.length === 0) continue;
    room ??= await roomLeft();
    const push = pushes.find((one) => one.job === job);
    const kept = push ? await inTurns(toQuarantine(push, joined, room, quarantine.maxRecordBytes, now)) : [];
    room -= kept.length;
    counts.set(job.position, kept.length);
    for (let start = 0; start < kept.length; start += KEPT_AT_ONCE) {
      await quarantine.keep(run.held.lease, kept.slice(start, start + KEPT_AT_ONCE));
      await endTurn();
    }
  }
  return counts;
}

function* toQuarantine(
  { job, payload }: LoggedPush,
  { refused }: JoinedJob,
  room: number,
  maxRecordBytes: number,
  quarantinedAt: Date,
): Generator<void, QuarantinedRecord[]> {
  const kept: QuarantinedRecord[] = [];
  const { id: jobId, datasetId, position, method } = job;
  const wanted = new Set(refused.indexes);
  let recordIndex = -1;
  for (const records of readRecords(payload, job.payload.form)) {
    for (const sent of records) {
      recordIndex += 1;
      if (kept.length >= room) return kept;
      if (!wanted.has(recordIndex)) continue;
      const record = stringifyJson(sent);
      if (Buffer.byteLength(record) > maxRecordBytes) continue;
      const origin = { id: `${jobId}:${recordIndex}`, datasetId, jobId, position, recordIndex };
      const errors = refused.reasons.get(recordIndex) ?? [];
      kept.push({ method, record, errors, quarantinedAt, superseded: false, ...origin });
    }
    yield;
  }
  return kept;
}
