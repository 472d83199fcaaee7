import type { StoredScalar, StoredValue } from '../../../domain/design/stored-value.js';

/**
 * Elasticsearch cannot look for a range of an indexed text with an end above 1,000 bytes. Texts above {@link LONG_BYTES} therefore stand a second time, in a field that
 * is not indexed and compared value by value. An end that is long is cut for the indexed field, behind more bytes than a text has that stands there
 * alone: so between the cut end and the whole one lie long texts only.
 */
const LONG_BYTES = 890;
const HEAD_BYTES = 900;

export function isLong(text: string): boolean {
  // A UTF-16 unit has at most three bytes.
  return text.length * 3 > LONG_BYTES && Buffer.byteLength(text) > LONG_BYTES;
}

/** The long texts of a value; undefined where it has none. */
export function longTexts(value: StoredValue): string | readonly string[] | undefined {
  if (typeof value === 'string') return isLong(value) ? value : undefined;
  if (!Array.isArray(value)) return undefined;
  const long = (value as readonly (StoredScalar | null)[]).filter((one) => typeof one === 'string' && isLong(one));
  return long.length > 0 ? (long as readonly string[]) : undefined;
}

/** What a long text begins with: a text that may be an end of a range. */
export function headOf(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > HEAD_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}
