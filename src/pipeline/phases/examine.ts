import type { CompiledDesign, RecordUse } from '../../domain/design/compiled-design.js';
import type { DocumentUpdateMethod, JobKind, WaitingJob } from '../../domain/job/job.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { checkRecords } from '../../domain/push/check-records.js';
import { readPayload } from '../../domain/push/payload.js';
import { recordIdFromLog } from '../../domain/record-id.js';
import { mismatch } from '../../domain/sample/value-check.js';
import type { LoadedJob } from '../../ports/lane.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { Quarantine } from '../../ports/quarantine.js';
import { eventLoopTurns } from '../event-loop-turns.js';
import type { LoadDeps } from '../group-run.js';
import { JobInWork } from '../job-in-work.js';

/** A payload whose parse is long enough for other work to wait for. */
const LARGE_BYTES = 256 * 1024;

/**
 * PumpingDatasources: parses the records, holds each against the sample's structure, converts its values and works out its identity. Of jobs that an earlier
 * attempt committed, the records it applied are taken and no others.
 */
export async function examine(
  logged: readonly LoggedPush[],
  design: CompiledDesign,
  { quarantine, maxQuarantineRecords }: Pick<LoadDeps, 'quarantine' | 'maxQuarantineRecords'>,
  committed: readonly LoadedJob[] | null,
): Promise<JobInWork[]> {
  const work: JobInWork[] = [];
  const turns = eventLoopTurns();
  for (const push of logged) {
    const { job } = push;
    const records = await recordsOf(push, turns);
    const inWork = new JobInWork(job, records, design.mismatchPolicy, maxQuarantineRecords);
    work.push(inWork);
    if (needsIdentifier(job) && !design.hasIdentifier) {
      inWork.refuse(IDENTIFIER_REQUIRED);
      continue;
    }
    const isLeftOut = committed ? skippedOf(committed, job) : await goneFrom(quarantine, job);
    for (const [index, record] of records.entries()) {
      if (isLeftOut(index)) inWork.passOver(index);
      else examineRecord(inWork, design, index, record);
      await turns.giveWay();
    }
  }
  return work;
}

/** The parse of a large payload holds up everything else: what waits has its turn before it and after it. */
async function recordsOf(
  { job, payload }: LoggedPush,
  turns: ReturnType<typeof eventLoopTurns>,
): Promise<readonly JsonObject[]> {
  const isLarge = payload.length >= LARGE_BYTES;
  if (isLarge) await turns.endTurn();
  const records = checkRecords(readPayload(payload, job.payload.form), 'data');
  if (isLarge) await turns.endTurn();
  return records;
}

/** Whether the commit point left a record out. */
function skippedOf(committed: readonly LoadedJob[], job: WaitingJob): (index: number) => boolean {
  const skipped = committed.find(({ position }) => position === job.position)?.skipped;
  return (index) => skipped?.has(index) ?? false;
}

/** Whether a record that is to be replayed was discarded, or loaded by another replay, since it was asked for. */
async function goneFrom(
  quarantine: Quarantine,
  { datasetId, replayOf }: WaitingJob,
): Promise<(index: number) => boolean> {
  if (!replayOf) return () => false;
  const there = await quarantine.idsThere(
    datasetId,
    replayOf.map(({ id }) => id),
  );
  return (index) => !there.has(replayOf[index]?.id ?? '');
}

function examineRecord(inWork: JobInWork, design: CompiledDesign, index: number, given: JsonObject): void {
  const { job } = inWork;
  const origin = job.replayOf?.[index] ?? job;
  const use = useOf(job.kind, origin.method, design);
  const { mismatches, recordId, record, values } = design.examine(given, use);
  if (mismatches) {
    inWork.refuseRecord(index, mismatches);
    return;
  }
  const id = recordId ?? recordIdFromLog(job.position, index);
  inWork.given.push({ index, use, recordId: id, record, values, position: origin.position });
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
function useOf(kind: JobKind, method: DocumentUpdateMethod, design: CompiledDesign): RecordUse {
  if (kind === 'DELETE') return 'DELETE';
  return method === 'UPSERT' && design.hasIdentifier ? 'UPSERT' : 'REPLACE';
}
