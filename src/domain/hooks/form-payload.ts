import { isUtf8 } from 'node:buffer';
import { SluiceError } from '../errors.js';

/** The field of a form in which senders of webhooks put JSON. */
export const PAYLOAD_FIELD = 'payload';

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;
/** A longer name is another one, however it is encoded. */
const LONGEST_NAME_BYTES = 3 * PAYLOAD_FIELD.length;
const FIELDS_OF_SLICE = 10_000;
const BYTES_OF_SLICE = 256 * 1024;

/** Reads the field `payload` of a form (application/x-www-form-urlencoded), in slices. Throws BAD_REQUEST unless there is exactly one that is percent-encoded UTF-8. */
export function* payloadOfForm(form: Buffer): Generator<void, Buffer> {
  const body = withoutLineBreak(form);
  let payload: Buffer | undefined;
  let found = 0;
  let fields = 0;
  for (let start = 0; start < body.length; ) {
    const ampersand = body.indexOf(AMPERSAND, start);
    const end = ampersand === -1 ? body.length : ampersand;
    const value = valueIfPayload(body.subarray(start, end));
    if (value) {
      payload ??= value;
      found += 1;
    }
    start = end + 1;
    fields += 1;
    if (fields % FIELDS_OF_SLICE === 0) yield;
  }
  if (payload === undefined || found > 1) throw notOne(found);
  return yield* decodeForm(payload);
}

function withoutLineBreak(form: Buffer): Buffer {
  let end = form.length;
  while (end > 0 && (form[end - 1] === 0x0a || form[end - 1] === 0x0d)) end -= 1;
  return form.subarray(0, end);
}

function valueIfPayload(field: Buffer): Buffer | null {
  const end = field.indexOf(EQUALS);
  if (end === -1 || end > LONGEST_NAME_BYTES) return null;
  try {
    return decodeURIComponent(field.toString('latin1', 0, end)) === PAYLOAD_FIELD ? field.subarray(end + 1) : null;
  } catch {
    return null;
  }
}

function* decodeForm(encoded: Buffer): Generator<void, Buffer> {
  const decoded = Buffer.allocUnsafe(encoded.length);
  let length = 0;
  for (let at = 0, sliceEnd = BYTES_OF_SLICE; at < encoded.length; length += 1) {
    const byte = encoded[at] ?? 0;
    if (byte === PERCENT) {
      decoded[length] = byteOfHex(encoded, at + 1);
      at += 3;
    } else {
      decoded[length] = byte === PLUS ? SPACE : byte;
      at += 1;
    }
    if (at >= sliceEnd) {
      sliceEnd += BYTES_OF_SLICE;
      yield;
    }
  }
  const value = decoded.subarray(0, length);
  if (!isUtf8(value)) throw notEncoded();
  return value;
}

function byteOfHex(encoded: Buffer, at: number): number {
  const byte = 16 * hexDigit(encoded[at]) + hexDigit(encoded[at + 1]);
  if (Number.isNaN(byte)) throw notEncoded();
  return byte;
}

function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

function notOne(found: number): SluiceError {
  const actual = found === 0 ? 'no field' : `${found} fields`;
  const message = `the form has ${actual} ${PAYLOAD_FIELD}; send one that holds JSON, or let the sender send application/json`;
  return new SluiceError('BAD_REQUEST', message, { field: PAYLOAD_FIELD, expected: 'one field', actual });
}

function notEncoded(): SluiceError {
  const message = `the field ${PAYLOAD_FIELD} of the form is not percent-encoded UTF-8; let the sender send application/json`;
  return new SluiceError('BAD_REQUEST', message, { field: PAYLOAD_FIELD });
}
