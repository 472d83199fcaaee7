import { SluiceError } from '../errors.js';
import type { PayloadForm } from '../job/job.js';
import { isJsonObject, type JsonValue } from '../json/json-value.js';
import { parseNdjson } from '../json/ndjson.js';
import { parseJson } from '../json/parse-json.js';

/** The body of a post to `/postdata`, as far as it has been checked: an object. */
export interface Envelope {
  readonly datasetId: JsonValue | undefined;
  readonly documentUpdateMethod: JsonValue | undefined;
  readonly data: JsonValue | undefined;
}

/** Reads the envelope form. Throws INVALID_JSON, or BAD_REQUEST when the top is not an object. */
export function readEnvelope(bytes: Buffer): Envelope {
  const body = parseJson(bytes);
  if (Array.isArray(body)) {
    const message =
      'the body is an array; send one object {"datasetId", "documentUpdateMethod", "data": [...]} a request, or the bare array to /dataload/{datasetId}';
    throw new SluiceError('BAD_REQUEST', message, { pointer: '', expected: 'object', actual: 'array' });
  }
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'data')) {
    const message = 'the body needs "datasetId" and "data": [...], with the records in data';
    throw new SluiceError('BAD_REQUEST', message, { pointer: '/data' });
  }
  return {
    datasetId: own(body, 'datasetId'),
    documentUpdateMethod: own(body, 'documentUpdateMethod'),
    data: own(body, 'data'),
  };
}

/** Reads a body that only names a dataset. Throws INVALID_JSON, or BAD_REQUEST when the top is not an object. */
export function readTarget(bytes: Buffer): Pick<Envelope, 'datasetId'> {
  const body = parseJson(bytes);
  if (isJsonObject(body)) return { datasetId: own(body, 'datasetId') };
  const message = 'the body is no object; send {"datasetId": "..."}';
  throw new SluiceError('BAD_REQUEST', message, { pointer: '', expected: 'object' });
}

function own(body: object, key: string): JsonValue | undefined {
  return Object.hasOwn(body, key) ? (body as Record<string, JsonValue>)[key] : undefined;
}

/** The records of a payload, as yet unchecked: one JSON value stands for itself, an array for its elements, NDJSON for its lines. */
export function readPayload(bytes: Buffer, form: PayloadForm): JsonValue {
  switch (form) {
    case 'ENVELOPE':
      return readEnvelope(bytes).data ?? null;
    case 'NDJSON':
      return parseNdjson(bytes);
    case 'RECORDS': {
      const value = parseJson(bytes);
      return Array.isArray(value) ? value : [value];
    }
    case 'FILTER':
    case 'NONE':
      throw new TypeError(`a payload of the form ${form} holds no records`);
  }
}
