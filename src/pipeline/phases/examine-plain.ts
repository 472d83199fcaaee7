import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { LaneJob } from '../../domain/job/job.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { parseKeptJson } from '../../domain/json/parse-json.js';
import type { Examination } from '../../domain/load/examination.js';
import type { ExaminedPayload } from '../../domain/load/examined-payload.js';
import type { PlainLayout } from '../../domain/plain/plain-layout.js';
import { PlainPayload } from '../../domain/plain/plain-payload.js';
import { NOT_PLAIN } from '../../domain/plain/plain-value.js';
import { RecordPlaces } from '../../domain/plain/record-places.js';
import { endTurn, inTurns, turnIsOver } from '../../event-loop/turns.js';

/** It is not worth while for smaller payloads. */
export const WORTH_BYTES = 16 * 1024;
/** Most of so many first records must be plain. Later ones are not judged: what was done for those before would be done twice. */
const TRIED_RECORDS = 64;
const RECORDS_BETWEEN_LOOKS = 64;
/** What is examined ahead is not urgent: after so many records, everything else goes first. */
const RECORDS_AHEAD = 1_024;

/** A push, as far as its examination depends on it. */
export interface SentPayload {
  readonly job: Pick<LaneJob, 'kind' | 'replayOf' | 'payload'>;
  readonly payload: Buffer;
}

/**
 * Examines a payload of which most records are plain: their rows are written from its bytes, or the values for the steps of the design are read from them, so they are not parsed. Returns null if the
 * examination must be done in the usual way: the design or the job allows no plain records, most of the first records are not plain, or one is long.
 */
export async function examinePlain(
  push: SentPayload,
  design: CompiledDesign,
  begin: () => Examination,
  isAhead = false,
): Promise<ExaminedPayload | null> {
  const { job, payload } = push;
  const layout = layoutFor(push, design);
  if (!layout) return null;
  const places = await inTurns(RecordPlaces.in(payload, job.payload.form));
  if (!places) return null;
  const examination = begin();
  const taking = { design, examination, places, found: new PlainPayload(layout, payload), tried: 0, others: 0 };
  for (let at = places.next(null); at !== null; ) {
    const { end, slices } = takeAt(taking, at);
    if (slices) await inTurns(slices);
    if (end === NOT_PLAIN || isNotWorthWhile(taking)) {
      examination.discard();
      return null;
    }
    at = places.next(end);
    if (endsTurn(taking, isAhead)) await endTurn();
  }
  return examination.result();
}

function layoutFor({ job, payload }: SentPayload, design: CompiledDesign): PlainLayout | null {
  if (job.kind !== 'PUSH' || job.replayOf || payload.length < WORTH_BYTES) return null;
  return design.plainLayout ?? design.readLayout;
}

interface Taking {
  readonly design: CompiledDesign;
  readonly examination: Examination;
  readonly places: RecordPlaces;
  readonly found: PlainPayload;
  /** How many records were looked at, and how many of them were not plain. */
  tried: number;
  others: number;
}

/** Takes the record at an offset. Returns the offset after it, {@link NOT_PLAIN} if it is long. */
function takeAt(taking: Taking, at: number): { readonly end: number; readonly slices?: Generator<void> | undefined } {
  const { design, examination, found } = taking;
  taking.tried += 1;
  const end = found.scan(at);
  if (end === NOT_PLAIN) return takeOther(taking, at);
  if (design.readLayout) {
    const values = design.plainReader.read(found, at, end);
    found.forgetLast();
    return { end, slices: examination.takeValues(values, found.bytes, at, end) };
  }
  examination.takePlain(found, found.last);
  return { end };
}

function takeOther(taking: Taking, at: number): ReturnType<typeof takeAt> {
  const { examination, places, found } = taking;
  taking.others += 1;
  const end = places.endOf(at);
  if (end === NOT_PLAIN) return { end };
  return { end, slices: examination.take(parseKeptJson(found.bytes.subarray(at, end)) as JsonObject) };
}

function isNotWorthWhile({ tried, others }: Taking): boolean {
  return tried === TRIED_RECORDS && others > tried / 2;
}

/** Steps may take any time. */
function endsTurn({ tried, design }: Taking, isAhead: boolean): boolean {
  if (isAhead && tried % RECORDS_AHEAD === 0) return true;
  return (design.readLayout !== null || tried % RECORDS_BETWEEN_LOOKS === 0) && turnIsOver();
}
