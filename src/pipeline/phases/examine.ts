import type { CompiledDesign, RecordUse } from '../../domain/design/compiled-design.js';
import type { WaitingJob } from '../../domain/job/job.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { checkRecords } from '../../domain/push/check-records.js';
import { readPayload } from '../../domain/push/payload.js';
import { recordIdFromLog } from '../../domain/record-id.js';
import { mismatch } from '../../domain/sample/value-check.js';
import type { LoadedJob } from '../../ports/lane.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { Quarantine, QuarantinedRecord } from '../../ports/quarantine.js';
import { eventLoopTurns } from '../event-loop-turns.js';
import { JobInWork } from '../job-in-work.js';

/**
 * PumpingDatasources: parses the records, holds each against the sample's structure, converts its values and works out its identity. Of jobs that an earlier
 * attempt committed, the records it applied are taken and no others.
 */
export async function examine(
  logged: readonly LoggedPush[],
  design: CompiledDesign,
  quarantine: Quarantine,
  committed: readonly LoadedJob[] | null,
): Promise<JobInWork[]> {
  const work: JobInWork[] = [];
  const turns = eventLoopTurns();
  for (const push of logged) {
    const { job, payload } = push;
    const records = checkRecords(readPayload(payload, job.payload.form), 'data');
    const inWork = new JobInWork(job, records, design.mismatchPolicy);
    work.push(inWork);
    if (needsIdentifier(job) && !design.hasIdentifier) {
      inWork.refuse(IDENTIFIER_REQUIRED);
      continue;
    }
    const replayed = await quarantinedOf(quarantine, push);
    const isLeftOut = committed ? skippedOf(committed, job) : goneFrom(replayed);
    for (const [index, record] of records.entries()) {
      if (isLeftOut(index)) inWork.passOver(index);
      else examineRecord(inWork, design, index, record, replayed?.[index]);
      await turns.giveWay();
    }
  }
  return work;
}

/** Whether the commit point left a record out. */
function skippedOf(committed: readonly LoadedJob[], job: WaitingJob): (index: number) => boolean {
  const skipped = committed.find(({ position }) => position === job.position)?.skipped;
  return (index) => skipped?.has(index) ?? false;
}

/** Whether a record that is to be replayed is in quarantine no longer. */
function goneFrom(replayed: Replayed | undefined): (index: number) => boolean {
  return (index) => replayed !== undefined && replayed[index] === undefined;
}

function examineRecord(
  inWork: JobInWork,
  design: CompiledDesign,
  index: number,
  given: JsonObject,
  origin: QuarantinedRecord | undefined,
): void {
  const { job } = inWork;
  const use = useOf(job, design, origin);
  const { mismatches, recordId, record, values } = design.examine(given, use);
  if (mismatches.length > 0) {
    inWork.refuseRecord(index, mismatches);
    return;
  }
  const id = recordId ?? recordIdFromLog(job.position, index);
  inWork.given.push({ index, use, recordId: id, record, values, position: origin?.position ?? job.position });
}

function needsIdentifier({ kind, method }: WaitingJob): boolean {
  return kind === 'DELETE' || (kind === 'PUSH' && method === 'UPSERT');
}

const IDENTIFIER_REQUIRED = mismatch(
  'IDENTIFIER_REQUIRED',
  undefined,
  '',
  'a design with a unique identifier',
  'a job that finds stored records by one',
  'came to its turn under a design without a unique identifier; apply a design that has one, then send it again',
);

/** A quarantined upsert stays one, as long as there is an identifier to find its record by. */
function useOf(job: WaitingJob, design: CompiledDesign, origin: QuarantinedRecord | undefined): RecordUse {
  if (job.kind === 'DELETE') return 'DELETE';
  const method = origin?.method ?? job.method;
  return method === 'UPSERT' && design.hasIdentifier ? 'UPSERT' : 'REPLACE';
}

type Replayed = readonly (QuarantinedRecord | undefined)[];

/** Of a replay: its records as they are in quarantine, undefined where one was discarded, or loaded by another replay, since it was asked for. */
async function quarantinedOf(
  quarantine: Quarantine,
  { job: { datasetId, replayOf } }: LoggedPush,
): Promise<Replayed | undefined> {
  if (!replayOf) return undefined;
  const found = new Map((await quarantine.find(datasetId, replayOf)).map((record) => [record.id, record]));
  return replayOf.map((id) => found.get(id));
}
