import { SluiceError } from '../errors.js';
import { OutlinedText } from '../json/build-value.js';
import type { JsonOutline } from '../json/json-container.js';
import type { JsonValue } from '../json/json-value.js';
import { readLines } from '../json/ndjson.js';
import { outlineOfSentJson } from '../json/parse-json.js';
import { refuseUnknownKeys } from './known-keys.js';
import { joinedData, NO_DATA, type SentData, sentArray, sentRecord } from './sent-data.js';

/** The keys that the body of a POST may have. Their values are not checked yet. */
export interface Envelope {
  readonly datasetId: JsonValue | undefined;
  readonly documentUpdateMethod: JsonValue | undefined;
  readonly data: SentData;
}

/** A value of an envelope, other than its data, with more bytes is refused. */
const MAX_OPTION_BYTES = 1_000;

/**
 * Reads a body that pushes or deletes records, and may have only `keys`, in slices and without its records. Throws INVALID_JSON, and BAD_REQUEST if it is not an object, has
 * other keys, or has a key twice.
 */
export function* readEnvelope(bytes: Buffer, keys: readonly (keyof Envelope)[]): Generator<void, Envelope> {
  const body = yield* outlineOfSentJson(bytes);
  refuseNoObject(body, keys);
  const { members } = body;
  refuseUnknownKeys(Object.fromEntries(members.map(({ key }) => [key, null])), keys, 'the body');
  const data = members.find(({ key }) => key === 'data');
  if (keys.includes('data') && !data) {
    const message = 'the body needs "datasetId" and "data": [...], with the records in data';
    throw new SluiceError('BAD_REQUEST', message, { pointer: '/data' });
  }
  return {
    datasetId: optionOf(bytes, body, 'datasetId'),
    documentUpdateMethod: optionOf(bytes, body, 'documentUpdateMethod'),
    data: data ? sentArray(bytes, data) : NO_DATA,
  };
}

function refuseNoObject({ container }: JsonOutline, keys: readonly string[]): void {
  if (container?.isObject) return;
  if (container) {
    const message = `the body is an array; send an object with ${keys.join(', ')}, or send the array of records to /dataload/{datasetId}`;
    throw new SluiceError('BAD_REQUEST', message, { pointer: '', expected: 'object', actual: 'array' });
  }
  const message = `the body is not an object; send {${keys.map((key) => `"${key}": ...`).join(', ')}}`;
  throw new SluiceError('BAD_REQUEST', message, { pointer: '', expected: 'object' });
}

function optionOf(bytes: Buffer, body: JsonOutline, key: string): JsonValue | undefined {
  const member = body.members.find((one) => one.key === key);
  if (!member) return undefined;
  const length = member.end - member.start;
  if (length > MAX_OPTION_BYTES) {
    const message = `${key} has ${length} bytes; at most ${MAX_OPTION_BYTES} are allowed`;
    throw new SluiceError('BAD_REQUEST', message, { pointer: `/${key}` });
  }
  return new OutlinedText(bytes, body).parse(member.start, member.end);
}

/**
 * Reads a body without an envelope, in slices and without its records: a single JSON value is one record, an array has its elements, NDJSON has one record per line. Throws
 * INVALID_JSON, and BAD_REQUEST for a record that has a key twice.
 */
export function* readBareRecords(bytes: Buffer, form: 'RECORDS' | 'NDJSON'): Generator<void, SentData> {
  if (form === 'RECORDS') return recordsOf(bytes, yield* outlineOfSentJson(bytes));
  let data: SentData = { ...NO_DATA, kind: 'array' };
  yield* readLines(bytes, sentLine, (line) => {
    data = joinedData(data, line);
  });
  return data;
}

function recordsOf(bytes: Buffer, outline: JsonOutline): SentData {
  const isArray = outline.container !== null && !outline.container.isObject;
  return isArray ? sentArray(bytes, outline) : sentRecord(bytes, outline);
}

function* sentLine(line: Buffer): Generator<void, SentData> {
  return sentRecord(line, yield* outlineOfSentJson(line));
}
