import { SluiceError } from '../errors.js';
import type { JsonValue } from '../json/json-value.js';
import { decodeUtf8 } from '../json/utf8-text.js';
import { readBareRecords } from '../push/payload.js';

/** The records that a webhook's body contains, and the bytes of the push log that hold them. */
export interface HookBody {
  readonly data: JsonValue;
  readonly payload: Buffer;
  readonly form: 'RECORDS' | 'NDJSON';
}

export const NDJSON_TYPES: readonly string[] = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];
const FORM_TYPE = 'application/x-www-form-urlencoded';
const PAYLOAD_FIELD = 'payload';

/**
 * Reads what senders of webhooks send: a JSON object, an array of them, a form whose field `payload` holds one of these, or NDJSON. Every other content type is taken for
 * JSON, since senders declare it in many ways. Throws INVALID_JSON, BAD_REQUEST for a form without this field, and UNSUPPORTED_MEDIA_TYPE for a form in several parts.
 */
export function readHookBody(body: Buffer, mediaType: string): HookBody {
  if (NDJSON_TYPES.includes(mediaType)) return recordsIn(body, 'NDJSON');
  if (mediaType === 'multipart/form-data') {
    const message = `Content-Type ${mediaType} is not supported; let the sender send JSON, or a form of the type ${FORM_TYPE} with the field ${PAYLOAD_FIELD}`;
    throw new SluiceError('UNSUPPORTED_MEDIA_TYPE', message, { expected: 'application/json', actual: mediaType });
  }
  // Some clients declare every body a form. In a form, these two characters would be escaped.
  const isForm = mediaType === FORM_TYPE && !/^\s*[[{]/.test(body.toString('latin1', 0, 100));
  return recordsIn(isForm ? payloadOfForm(body) : body, 'RECORDS');
}

function recordsIn(payload: Buffer, form: HookBody['form']): HookBody {
  return { data: readBareRecords(payload, form), payload, form };
}

function payloadOfForm(body: Buffer): Buffer {
  const fields = decodeUtf8(body)
    .trim()
    .split('&')
    .filter((field) => nameOf(field) === PAYLOAD_FIELD);
  const [field] = fields;
  if (field === undefined || fields.length > 1) {
    const found = fields.length === 0 ? 'no field' : `${fields.length} fields`;
    const message = `the form has ${found} ${PAYLOAD_FIELD}; send one that holds JSON, or let the sender send application/json`;
    throw new SluiceError('BAD_REQUEST', message, { field: PAYLOAD_FIELD, expected: 'one field', actual: found });
  }
  const value = decoded(field.slice(field.indexOf('=') + 1));
  if (value !== null) return Buffer.from(value);
  const message = `the field ${PAYLOAD_FIELD} of the form is not percent-encoded UTF-8; let the sender send application/json`;
  throw new SluiceError('BAD_REQUEST', message, { field: PAYLOAD_FIELD });
}

function nameOf(field: string): string | null {
  const end = field.indexOf('=');
  return end === -1 ? null : decoded(field.slice(0, end));
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
