import type { PayloadForm } from '../job/job.js';
import { buildElements, buildValue, OutlinedText } from '../json/build-value.js';
import { isJsonObject, type JsonObject } from '../json/json-value.js';
import { readLines } from '../json/ndjson.js';
import { isShort, outlineOfKeptJson, parseKeptJson, parseKeptJsonInSlices } from '../json/parse-json.js';

/**
 * The records of a payload from the push log, in order, some at a time: so many as take a few milliseconds to read. The caller can do other work in between. A yield without
 * records means that nothing is ready yet. The payload was checked when it was accepted, so it must be readable now.
 */
export function* readRecords(bytes: Buffer, form: PayloadForm): Generator<readonly JsonObject[]> {
  switch (form) {
    case 'ENVELOPE':
    case 'RECORDS':
      return yield* isShort(bytes) ? recordsOfShort(bytes, form) : recordsOfLong(bytes, form);
    case 'NDJSON':
      return yield* recordsOfLines(bytes);
    case 'FILTER':
    case 'NONE':
      throw new TypeError(`a payload of the form ${form} holds no records`);
  }
}

const NOTHING: readonly JsonObject[] = [];

/** The elements of an array; an object there is a single record. */
function* recordsOfShort(bytes: Buffer, form: 'ENVELOPE' | 'RECORDS'): Generator<readonly JsonObject[]> {
  const body = parseKeptJson(bytes);
  const sent = form === 'ENVELOPE' ? isJsonObject(body) && body.data : body;
  if (Array.isArray(sent)) yield sent as JsonObject[];
  else if (isJsonObject(sent)) yield [sent];
}

/** The same, piece by piece. */
function* recordsOfLong(bytes: Buffer, form: 'ENVELOPE' | 'RECORDS'): Generator<readonly JsonObject[]> {
  const outline = yield* idle(outlineOfKeptJson(bytes));
  const data = form === 'ENVELOPE' ? outline.members.find(({ key }) => key === 'data') : outline;
  const container = data?.container;
  if (!container) return;
  const text = new OutlinedText(bytes, outline);
  const { start, end, isObject } = container;
  if (isObject) yield [(yield* idle(buildValue(text, { start, end, container }))) as JsonObject];
  else yield* buildElements(text, container) as Generator<readonly JsonObject[]>;
}

function* recordsOfLines(bytes: Buffer): Generator<readonly JsonObject[]> {
  let records: JsonObject[] = [];
  for (const _ of readLines(bytes, parseKeptJsonInSlices, (record) => records.push(record as JsonObject))) {
    yield records;
    records = [];
  }
  yield records;
}

function* idle<T>(slices: Generator<void, T>): Generator<readonly JsonObject[], T> {
  let slice = slices.next();
  for (; !slice.done; slice = slices.next()) yield NOTHING;
  return slice.value;
}
