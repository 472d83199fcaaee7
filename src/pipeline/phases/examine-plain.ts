import type { CompiledDesign } from '../../domain/design/compiled-design.js';
import type { JsonObject } from '../../domain/json/json-value.js';
import { parseKeptJson } from '../../domain/json/parse-json.js';
import type { Examination } from '../../domain/load/examination.js';
import type { ExaminedPayload } from '../../domain/load/examined-payload.js';
import { PlainPayload } from '../../domain/plain/plain-payload.js';
import { NOT_PLAIN } from '../../domain/plain/plain-value.js';
import { RecordPlaces } from '../../domain/plain/record-places.js';
import { endTurn, inTurns, turnIsOver } from '../../event-loop/turns.js';
import type { LoggedPush } from '../../ports/push-log.js';

/** It is not worth while for smaller payloads. */
const WORTH_BYTES = 16 * 1024;
/** After so many records, most of them must have been plain. */
const TRIED_RECORDS = 64;
const RECORDS_BETWEEN_LOOKS = 64;
/** What is examined ahead is not urgent: after so many records, everything else goes first. */
const RECORDS_AHEAD = 1_024;

/**
 * Examines a payload of which most records are plain: their rows are written from its bytes, so they are not parsed. Returns null if the examination must be done in the usual way: the design or the job
 * allows no plain records, most records are not plain, or one is long.
 */
export async function examinePlain(
  { job, payload }: LoggedPush,
  design: CompiledDesign,
  examination: Examination,
  isAhead = false,
): Promise<ExaminedPayload | null> {
  if (job.kind !== 'PUSH' || job.replayOf || payload.length < WORTH_BYTES) return null;
  const { plainLayout } = design;
  if (!plainLayout) return null;
  const places = await inTurns(RecordPlaces.in(payload, job.payload.form));
  if (!places) return null;
  const found = new PlainPayload(plainLayout, payload);
  let [tried, others] = [0, 0];
  for (let at = places.next(null); at !== null; tried += 1) {
    let end = found.scan(at);
    if (end === NOT_PLAIN) {
      others += 1;
      end = places.endOf(at);
      if (end === NOT_PLAIN || (tried >= TRIED_RECORDS && others > tried / 2)) return null;
      examination.take(parseKeptJson(payload.subarray(at, end)) as JsonObject);
    } else examination.takePlain(found, found.last);
    at = places.next(end);
    if (endsTurn(tried, isAhead)) await endTurn();
  }
  return examination.result();
}

function endsTurn(tried: number, isAhead: boolean): boolean {
  return (isAhead && tried % RECORDS_AHEAD === 0) || (tried % RECORDS_BETWEEN_LOOKS === 0 && turnIsOver());
}
