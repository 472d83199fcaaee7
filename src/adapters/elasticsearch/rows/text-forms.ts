import { hash } from 'node:crypto';
import type { StoredValue } from '../../../domain/design/stored-value.js';
import { MAX_SOUGHT_LENGTH } from '../../../domain/query/record-query.js';

/**
 * How texts are indexed. Elasticsearch refuses keywords above 32,766 bytes, so a text is *cut* in the index if it has more than 7,000 code points:
 *
 * ```
 * text             |------- head, 7,000 code points -------|-- rest ------------------------- ... --|
 * the column field |------- head --------------------------| NUL
 * field p          hash of the whole text
 *                                           |-- inner part ---------|
 *                                                             |-- inner part ---- ... --|
 *                                                                                  |-- last part ---|
 * ```
 *
 * Filters are exact because of these invariants:
 * - A keyword of a column that ends in NUL belongs to a cut text, and every other keyword is a whole text. So a text that itself ends in NUL counts as cut too.
 * - A head and a longer text, or two cut texts with different heads, compare like their whole texts. Only texts with the same head must be compared elsewhere.
 * - Neighbouring parts share at least as many characters as a filter may search for, and so do the head and the first part. So one of them contains the whole text that a
 *   filter searches for.
 */
const HEAD_CODE_POINTS = 7_000;
const MARK = '\u0000';
/** How many UTF-16 units neighbouring parts share. */
const SHARED_UNITS = MAX_SOUGHT_LENGTH;
/** A UTF-16 unit has at most three bytes. */
const PART_UNITS = 8_000;

/** The field of the parts and hashes of all cut texts of a row, each prefixed with its column's stored key and its kind. */
export const PARTS_FIELD = 'p';
const KIND = { inner: 'i', last: 'l', hash: 'h' } as const;

/** Whether the field of a column does not contain a text unchanged. */
export function isCut(text: string): boolean {
  return text.endsWith(MARK) || isLongerThanHead(text);
}

/** Whether other texts may have the same form in the field of their column. */
export function isLongerThanHead(text: string): boolean {
  return text.length > HEAD_CODE_POINTS && headEndOf(text) < text.length;
}

/** The form of a text in the field of its column. */
export function indexedForm(text: string): string {
  if (text.length <= HEAD_CODE_POINTS) return text;
  const end = headEndOf(text);
  return end < text.length ? text.slice(0, end) + MARK : text;
}

/** A value with its texts in their indexed form; the same value if nothing changes. */
export function indexedValue(value: StoredValue): StoredValue {
  if (typeof value === 'string') return indexedForm(value);
  if (!Array.isArray(value) || !value.some((one) => typeof one === 'string' && isLongerThanHead(one))) return value;
  return value.map((one) => (typeof one === 'string' ? indexedForm(one) : one));
}

/** Adds the keywords of {@link PARTS_FIELD} for the cut texts of a column. */
export function addParts(storedKey: string, value: StoredValue, parts: string[]): void {
  if (typeof value === 'string') {
    if (isCut(value)) for (const part of partsOf(storedKey, value)) parts.push(part);
  } else if (Array.isArray(value))
    for (const one of value) if (typeof one === 'string') addParts(storedKey, one, parts);
}

function* partsOf(storedKey: string, text: string): Generator<string> {
  yield hashOf(storedKey, text);
  let start = startOfCodePoint(text, Math.max(0, headEndOf(text) - SHARED_UNITS));
  while (start + PART_UNITS < text.length) {
    const end = startOfCodePoint(text, start + PART_UNITS);
    yield innerPrefix(storedKey) + text.slice(start, end);
    start = startOfCodePoint(text, end - SHARED_UNITS);
  }
  yield lastPrefix(storedKey) + text.slice(start);
}

/** A keyword that only cut texts equal to this one have. */
export function hashOf(storedKey: string, text: string): string {
  return `${storedKey}:${KIND.hash}${hash('sha256', text, 'base64url')}`;
}

export function innerPrefix(storedKey: string): string {
  return `${storedKey}:${KIND.inner}`;
}

export function lastPrefix(storedKey: string): string {
  return `${storedKey}:${KIND.last}`;
}

function headEndOf(text: string): number {
  let end = 0;
  for (let seen = 0; seen < HEAD_CODE_POINTS && end < text.length; seen += 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return end;
}

/** The offset itself, or the one before it if it is inside a surrogate pair. */
function startOfCodePoint(text: string, place: number): number {
  const unit = text.charCodeAt(place);
  return place > 0 && unit >= 0xdc00 && unit <= 0xdfff ? place - 1 : place;
}
