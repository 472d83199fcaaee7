import { SluiceError } from '../errors.js';
import type { PayloadForm } from '../job/job.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { parseNdjson } from '../json/ndjson.js';
import { parseKeptJson, parseSentJson } from '../json/parse-json.js';
import { refuseUnknownKeys } from './known-keys.js';

/** What the body of a post may hold beside the records, as far as it has been checked: it has no other keys. */
export interface Envelope {
  readonly datasetId: JsonValue | undefined;
  readonly documentUpdateMethod: JsonValue | undefined;
  readonly data: JsonValue | undefined;
}

/**
 * Reads a body that was sent to push or, where only `keys` are known to it, to delete records. Throws INVALID_JSON, or BAD_REQUEST when the top is not an
 * object, has other keys or has one twice.
 */
export function readEnvelope(bytes: Buffer, keys: readonly (keyof Envelope)[]): Envelope {
  const body = parseSentJson(bytes);
  if (Array.isArray(body)) {
    const message = `the body is an array; send one object with ${keys.join(', ')} a request, or the bare array of records to /dataload/{datasetId}`;
    throw new SluiceError('BAD_REQUEST', message, { pointer: '', expected: 'object', actual: 'array' });
  }
  if (!isJsonObject(body)) {
    const message = `the body is no object; send {${keys.map((key) => `"${key}": ...`).join(', ')}}`;
    throw new SluiceError('BAD_REQUEST', message, { pointer: '', expected: 'object' });
  }
  refuseUnknownKeys(body, keys, 'the body');
  if (keys.includes('data') && !Object.hasOwn(body, 'data')) {
    const message = 'the body needs "datasetId" and "data": [...], with the records in data';
    throw new SluiceError('BAD_REQUEST', message, { pointer: '/data' });
  }
  return {
    datasetId: own(body, 'datasetId'),
    documentUpdateMethod: own(body, 'documentUpdateMethod'),
    data: own(body, 'data'),
  };
}

function own(body: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(body, key) ? body[key] : undefined;
}

/**
 * The records of a body that was sent without an envelope, as yet unchecked: one JSON value stands for itself, an array for its elements, NDJSON for its
 * lines. Throws INVALID_JSON, or BAD_REQUEST for a key that a record has twice.
 */
export function readBareRecords(bytes: Buffer, form: 'RECORDS' | 'NDJSON'): JsonValue {
  return form === 'NDJSON' ? parseNdjson(bytes, parseSentJson) : asArray(parseSentJson(bytes));
}

/** The records of a payload of the push log: it was read once when it was sent, and what was taken then is taken again. */
export function readPayload(bytes: Buffer, form: PayloadForm): JsonValue {
  switch (form) {
    case 'ENVELOPE': {
      const body = parseKeptJson(bytes);
      return isJsonObject(body) ? (own(body, 'data') ?? null) : null;
    }
    case 'NDJSON':
      return parseNdjson(bytes, parseKeptJson);
    case 'RECORDS':
      return asArray(parseKeptJson(bytes));
    case 'FILTER':
    case 'NONE':
      throw new TypeError(`a payload of the form ${form} holds no records`);
  }
}

function asArray(value: JsonValue): JsonValue {
  return Array.isArray(value) ? value : [value];
}
