import type { PayloadForm } from '../job/job.js';
import { buildElements, buildValue, OutlinedText } from '../json/build-value.js';
import type { JsonContainer, JsonOutline } from '../json/json-container.js';
import type { JsonObject } from '../json/json-value.js';
import { readLines } from '../json/ndjson.js';
import { outlineOfKeptJson, parseKeptJsonInSlices } from '../json/parse-json.js';

/**
 * The records of a payload from the push log, in order, some at a time: so many as take a few milliseconds to read. The caller can do other work in between. A yield without
 * records means that nothing is ready yet. The payload was checked when it was accepted, so it must be readable now.
 */
export function* readRecords(bytes: Buffer, form: PayloadForm): Generator<readonly JsonObject[]> {
  switch (form) {
    case 'ENVELOPE':
      return yield* elementsOf(bytes, (body) => body.members.find(({ key }) => key === 'data')?.container);
    case 'RECORDS':
      return yield* elementsOf(bytes, (body) => body.container);
    case 'NDJSON':
      return yield* recordsOfLines(bytes);
    case 'FILTER':
    case 'NONE':
      throw new TypeError(`a payload of the form ${form} holds no records`);
  }
}

const NOTHING: readonly JsonObject[] = [];

/** The elements of an array in JSON text; an object there is a single record. */
function* elementsOf(
  bytes: Buffer,
  containerIn: (outline: JsonOutline) => JsonContainer | null | undefined,
): Generator<readonly JsonObject[]> {
  const outline = yield* idle(outlineOfKeptJson(bytes));
  const container = containerIn(outline);
  if (!container) return;
  const text = new OutlinedText(bytes, outline);
  if (container.isObject) yield [(yield* idle(buildValue(text, { ...container, container }))) as JsonObject];
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
