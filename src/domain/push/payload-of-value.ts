import type { JsonValue } from '../json/json-value.js';
import { stringifyJson } from '../json/stringify-json.js';
import { checkRecords, MAX_VALUES_OF_RECORD } from './check-records.js';
import { parsedArray, type SentData } from './sent-data.js';

/** Records that were sent as a parsed value, as a payload of the push log. */
export interface RecordsPayload {
  readonly data: SentData;
  readonly payload: Buffer;
  readonly form: 'RECORDS';
}

const CHARACTERS_OF_SLICE = 64 * 1024;

/** Makes a payload of a parsed value, in slices. Throws what {@link checkRecords} throws. */
export function* payloadOfValue(value: JsonValue): Generator<void, RecordsPayload> {
  const data = yield* parsedArray(value, MAX_VALUES_OF_RECORD);
  checkRecords(data, 'data');
  const chunks: Buffer[] = [];
  let text = '[';
  for (const [index, record] of (value as JsonValue[]).entries()) {
    text += `${index === 0 ? '' : ','}${stringifyJson(record)}`;
    if (text.length < CHARACTERS_OF_SLICE) continue;
    chunks.push(Buffer.from(text));
    text = '';
    yield;
  }
  chunks.push(Buffer.from(`${text}]`));
  return { data, payload: Buffer.concat(chunks), form: 'RECORDS' };
}
