import { SluiceError } from '../errors.js';
import type { PayloadForm } from '../job/job.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.js';
import { parseNdjson } from '../json/ndjson.js';
import { parseKeptJson, parseSentJson } from '../json/parse-json.js';
import { refuseUnknownKeys } from './known-keys.js';

/** The keys that the body of a POST may have. Their values are not checked yet. */
export interface Envelope {
  readonly datasetId: JsonValue | undefined;
  readonly documentUpdateMethod: JsonValue | undefined;
  readonly data: JsonValue | undefined;
}

/**
 * Reads a body that pushes or deletes records, and may have only `keys`. Throws INVALID_JSON, and BAD_REQUEST if it is not an object, has other keys, or has a key
 * twice.
 */
export function readEnvelope(bytes: Buffer, keys: readonly (keyof Envelope)[]): Envelope {
  const body = parseSentJson(bytes);
  if (Array.isArray(body)) {
    const message = `the body is an array; send an object with ${keys.join(', ')}, or send the array of records to /dataload/{datasetId}`;
    throw new SluiceError('BAD_REQUEST', message, { pointer: '', expected: 'object', actual: 'array' });
  }
  if (!isJsonObject(body)) {
    const message = `the body is not an object; send {${keys.map((key) => `"${key}": ...`).join(', ')}}`;
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
 * Returns the unchecked records of a body without an envelope: a single JSON value is one record, an array has its elements, NDJSON has one record per line. Throws
 * INVALID_JSON, and BAD_REQUEST for a record that has a key twice.
 */
export function readBareRecords(bytes: Buffer, form: 'RECORDS' | 'NDJSON'): JsonValue {
  return form === 'NDJSON' ? parseNdjson(bytes, parseSentJson) : asArray(parseSentJson(bytes));
}

/** Returns the records of a payload in the push log. It was checked when it was accepted, so it must be readable now. */
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
