import { atOnce } from '../../src/domain/at-once.js';
import type { PayloadForm } from '../../src/domain/job/job.js';
import type { JsonObject, JsonValue } from '../../src/domain/json/json-value.js';
import { readRecords } from '../../src/domain/push/payload.js';
import { payloadOfValue, type RecordsPayload } from '../../src/domain/push/payload-of-value.js';

/** Records as a use case takes them. */
export function sentRecords(data: JsonValue): RecordsPayload {
  return atOnce(payloadOfValue(data));
}

/** All records of a payload from the push log. */
export function recordsIn(payload: Buffer, form: PayloadForm): JsonObject[] {
  return [...readRecords(payload, form)].flat();
}
