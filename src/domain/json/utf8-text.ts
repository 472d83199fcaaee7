import { isUtf8 } from 'node:buffer';
import { SluiceError } from '../errors.js';
import { placeIn } from './text-place.js';

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const REPLACEMENT = '\ufffd';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);
const LONGEST_CHARACTER = 4;
/** How many bytes are decoded to find a fault among them. */
const BYTES_AROUND_FAULT = 256;

/** INVALID_JSON with the line and column of the first byte that is not UTF-8. */
export function notUtf8(bytes: Buffer): SluiceError {
  const start = nearFault(bytes);
  const offset = start + faultIn(bytes.subarray(start, start + 2 * BYTES_AROUND_FAULT));
  const byte = `0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')}`;
  const message = `${placeIn(bytes, offset)}: the byte ${byte} does not belong there: the body is not UTF-8 text; send JSON encoded as UTF-8`;
  return new SluiceError('INVALID_JSON', message);
}

/** An offset where a character begins, at most {@link BYTES_AROUND_FAULT} and a character before the first fault. Each half is looked at only if the fault may be in it. */
function nearFault(bytes: Buffer): number {
  let start = 0;
  let end = bytes.length;
  while (end - start > BYTES_AROUND_FAULT) {
    const middle = characterStart(bytes, (start + end) >>> 1);
    if (isUtf8(bytes.subarray(start, middle))) start = middle;
    else end = middle;
  }
  return start;
}

/** Where the character begins of which a byte is a part; a few bytes before it if there is no such character. */
function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start > at - LONGEST_CHARACTER && isContinuation(bytes[start])) start -= 1;
  return start;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** The offset of the first replacement character in the decoded text that is not in the bytes themselves. */
function faultIn(bytes: Buffer): number {
  const text = lenient.decode(bytes);
  let read = 0;
  let offset = 0;
  for (let at = text.indexOf(REPLACEMENT); at !== -1; at = text.indexOf(REPLACEMENT, read)) {
    offset += Buffer.byteLength(text.slice(read, at));
    if (!REPLACEMENT_BYTES.equals(bytes.subarray(offset, offset + REPLACEMENT_BYTES.length))) break;
    offset += REPLACEMENT_BYTES.length;
    read = at + 1;
  }
  return offset;
}
