import type { CompiledDesign, RecordUse } from '../../domain/design/compiled-design.js';
import type { DocumentUpdateMethod, JobKind, LaneJob, Mismatch } from '../../domain/job/job.js';
import { Places } from '../../domain/job/places.js';
import { NONE_REFUSED } from '../../domain/job/refused-records.js';
import { Examination } from '../../domain/load/examination.js';
import { examinePayload, recordsOf } from '../../domain/load/examine-payload.js';
import type { ExaminedPayload, ExamineTask } from '../../domain/load/examined-payload.js';
import { isQuarantined } from '../../domain/load/joined-job.js';
import { mismatch } from '../../domain/sample/value-check.js';
import type { LoadedJob } from '../../ports/lane.js';
import type { LoggedPush } from '../../ports/push-log.js';
import type { Quarantine } from '../../ports/quarantine.js';
import { EventLoopTurns } from '../event-loop-turns.js';
import type { LoadDeps } from '../group-run.js';

/** A payload that takes so long to examine that other work gets its turn meanwhile. */
const LARGE_BYTES = 256 * 1024;
/** More records that are too large for the quarantine do not fit into one payload. */
const SPARE_REASONS = 100;

/** A job, and what was found about its records; or why it is refused without a look at them. */
export interface ExaminedJob extends ExaminedPayload {
  readonly push: LoggedPush;
  readonly fault: Mismatch | null;
}

/**
 * PumpingDatasources: parses the records, holds each against the sample's structure, converts its values and works out its identity. Of jobs that an earlier
 * attempt committed, the records it applied are taken and no others.
 */
export async function examine(
  logged: readonly LoggedPush[],
  design: CompiledDesign,
  { quarantine, maxQuarantineRecords }: Pick<LoadDeps, 'quarantine' | 'maxQuarantineRecords'>,
  committed: readonly LoadedJob[] | null,
): Promise<readonly ExaminedJob[]> {
  const turns = new EventLoopTurns();
  const examined: ExaminedJob[] = [];
  for (const push of logged) {
    const { job } = push;
    if (needsIdentifier(job) && !design.hasIdentifier) {
      examined.push({ push, fault: IDENTIFIER_REQUIRED, ...NOTHING_EXAMINED, recordCount: job.recordCount });
      continue;
    }
    const leftOut = committed ? skippedOf(committed, job) : await goneFrom(quarantine, job);
    const maxReasons = reasonsNeeded(job, design, maxQuarantineRecords);
    const task = { ...taskOf(job, design), leftOut: leftOut?.bits ?? null, maxReasons };
    examined.push({ push, fault: null, ...(await examineInTurns(push, design, task, turns)) });
  }
  return examined;
}

const NOTHING_EXAMINED = { given: [], passedOver: [], refused: NONE_REFUSED };

async function examineInTurns(
  { job, payload }: LoggedPush,
  design: CompiledDesign,
  task: ExamineTask,
  turns: EventLoopTurns,
): Promise<ExaminedPayload> {
  const { form } = job.payload;
  if (payload.length < LARGE_BYTES) return examinePayload(payload, form, design.pinned, task);
  await turns.end();
  const records = recordsOf(payload, form);
  await turns.end();
  const examination = new Examination(design, task);
  await turns.each(records, (record) => examination.take(record));
  return examination.result();
}

function taskOf({ kind, method, position, acceptedAt, replayOf }: LaneJob, design: CompiledDesign) {
  const use = replayOf?.map((one) => useOf(kind, one.method, design)) ?? useOf(kind, method, design);
  return { position, savedAt: acceptedAt, use };
}

/** Reasons are needed where records go to quarantine, or stay there; a payload may hold millions of others. */
export function reasonsNeeded(job: LaneJob, { mismatchPolicy }: CompiledDesign, maxQuarantineRecords: number): number {
  if (job.replayOf) return Number.POSITIVE_INFINITY;
  return isQuarantined(job, mismatchPolicy) ? maxQuarantineRecords + SPARE_REASONS : 0;
}

/** The records that the commit point left out. */
function skippedOf(committed: readonly LoadedJob[], job: LaneJob): Places | null {
  return committed.find(({ position }) => position === job.position)?.skipped ?? null;
}

/** Records that are to be replayed and were discarded, or loaded by another replay, since that was asked for. */
async function goneFrom(quarantine: Quarantine, { datasetId, replayOf }: LaneJob): Promise<Places | null> {
  if (!replayOf) return null;
  const ids = replayOf.map(({ id }) => id);
  const there = await quarantine.idsThere(datasetId, ids);
  return Places.of(ids.flatMap((id, index) => (there.has(id) ? [] : [index])));
}

function needsIdentifier({ kind, method }: LaneJob): boolean {
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
