import { createHash } from 'node:crypto';
import type { StoredValue } from '../design/stored-value.js';

/** How many code points of a text queries compare. Elasticsearch refuses keywords above 32,766 bytes; a code point has at most four. */
export const INDEXED_CODE_POINTS = 7_000;

/** UTF-8 bytes that the indexed form of a text has at most: those code points, a NUL and a hash. */
export const MAX_INDEXED_BYTES = 4 * INDEXED_CODE_POINTS + 65;

/**
 * The form of a text that filters and orders compare: the text itself, or, above 7,000 code points, those and a hash of the whole, so that two long
 * texts are equal only if they are the same.
 */
export function indexedText(text: string): string {
  if (text.length <= INDEXED_CODE_POINTS) return text;
  const end = endOfCodePoints(text, INDEXED_CODE_POINTS);
  if (end >= text.length) return text;
  return `${text.slice(0, end)}\u0000${createHash('sha256').update(text).digest('hex')}`;
}

/** A value with its texts in their indexed form; the value itself where all of it is. */
export function indexedValue(value: StoredValue): StoredValue {
  if (typeof value === 'string') return indexedText(value);
  if (!Array.isArray(value) || !value.some((one) => typeof one === 'string' && indexedText(one) !== one)) return value;
  return value.map((one) => (typeof one === 'string' ? indexedText(one) : one));
}

function endOfCodePoints(text: string, count: number): number {
  let end = 0;
  for (let seen = 0; seen < count && end < text.length; seen += 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return end;
}
