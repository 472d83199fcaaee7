import { SluiceError } from '../errors.js';
import { placeIn } from './text-place.js';

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const REPLACEMENT = '\ufffd';
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT);

/** INVALID_JSON with the line and column of the first byte that is not UTF-8: that of the first replacement character in the decoded text that is not in the bytes themselves. */
export function notUtf8(bytes: Buffer): SluiceError {
  const text = lenient.decode(bytes);
  let read = 0;
  let offset = 0;
  for (let at = text.indexOf(REPLACEMENT); at !== -1; at = text.indexOf(REPLACEMENT, read)) {
    offset += Buffer.byteLength(text.slice(read, at));
    if (!REPLACEMENT_BYTES.equals(bytes.subarray(offset, offset + REPLACEMENT_BYTES.length))) break;
    offset += REPLACEMENT_BYTES.length;
    read = at + 1;
  }
  const byte = `0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')}`;
  const message = `${placeIn(bytes, offset)}: the byte ${byte} does not belong there: the body is not UTF-8 text; send JSON encoded as UTF-8`;
  return new SluiceError('INVALID_JSON', message);
}
