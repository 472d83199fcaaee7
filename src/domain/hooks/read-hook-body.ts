import { SluiceError } from '../errors.js';
import { readBareRecords } from '../push/sent-body.js';
import type { SentData } from '../push/sent-data.js';
import { PAYLOAD_FIELD, payloadOfForm } from './form-payload.js';

/** What a webhook's body holds as records, and the bytes of the push log that hold them. */
export interface HookBody {
  readonly data: SentData;
  readonly payload: Buffer;
  readonly form: 'RECORDS' | 'NDJSON';
}

export const NDJSON_TYPES: readonly string[] = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];
const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Reads what senders of webhooks send, in slices: a JSON object, an array of them, a form whose field `payload` holds one of these, or NDJSON. Every other content type is taken
 * for JSON, since senders declare it in many ways. Throws INVALID_JSON, BAD_REQUEST for a form without this field, and UNSUPPORTED_MEDIA_TYPE for a form in several parts.
 */
export function* readHookBody(body: Buffer, mediaType: string): Generator<void, HookBody> {
  if (NDJSON_TYPES.includes(mediaType)) return yield* recordsIn(body, 'NDJSON');
  if (mediaType === 'multipart/form-data') {
    const message = `Content-Type ${mediaType} is not supported; let the sender send JSON, or a form of the type ${FORM_TYPE} with the field ${PAYLOAD_FIELD}`;
    throw new SluiceError('UNSUPPORTED_MEDIA_TYPE', message, { expected: 'application/json', actual: mediaType });
  }
  // Some clients declare every body a form. In a form, these two characters would be escaped.
  const isForm = mediaType === FORM_TYPE && !/^\s*[[{]/.test(body.toString('latin1', 0, 100));
  return yield* recordsIn(isForm ? yield* payloadOfForm(body) : body, 'RECORDS');
}

function* recordsIn(payload: Buffer, form: HookBody['form']): Generator<void, HookBody> {
  return { data: yield* readBareRecords(payload, form), payload, form };
}
