import type { StoredScalar, StoredValue } from '../../../domain/design/stored-value.js';

/**
 * Elasticsearch cannot search an indexed text for a range with an end above 1,000 bytes. So texts above {@link LONG_BYTES} are stored a second time, in a field that is
 * not indexed and is compared value by value. For the indexed field, a long end is cut to more bytes than any text has that is stored only there. So every text between
 * the cut end and the whole end is a long text.
 */
const LONG_BYTES = 890;
const HEAD_BYTES = 900;

export function isLong(text: string): boolean {
  // A UTF-16 unit has at most three bytes.
  return text.length * 3 > LONG_BYTES && Buffer.byteLength(text) > LONG_BYTES;
}

/** The long texts of a value; undefined if it has none. */
export function longTexts(value: StoredValue): string | readonly string[] | undefined {
  if (typeof value === 'string') return isLong(value) ? value : undefined;
  if (!Array.isArray(value)) return undefined;
  const long = (value as readonly (StoredScalar | null)[]).filter((one) => typeof one === 'string' && isLong(one));
  return long.length > 0 ? (long as readonly string[]) : undefined;
}

/** The beginning of a long text, short enough for an end of a range. */
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
