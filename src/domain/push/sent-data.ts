import type { JsonOutline } from '../json/json-container.js';
import { ExactNumber, type JsonValue } from '../json/json-value.js';

/** What a request sends as its records, without the records themselves. */
export interface SentData {
  /** `array` if it may be records; otherwise what it is instead, for messages. */
  readonly kind: string;
  readonly count: number;
  /** The first element that is not an object; null if there is none. */
  readonly firstOther: { readonly index: number; readonly kind: string } | null;
  /** The element with the most values, itself and everything in it; null if they were not counted, or no element has more than itself. */
  readonly largest: { readonly index: number; readonly values: number } | null;
}

export const NO_DATA: SentData = { kind: 'missing', count: 0, firstOther: null, largest: null };

/** A value in JSON text that was scanned. */
type ScannedValue = Pick<JsonOutline, 'start' | 'container'>;

/** A value that must be an array of records. */
export function sentArray(bytes: Buffer, { start, container }: ScannedValue): SentData {
  if (container === null || container.isObject) return { ...NO_DATA, kind: kindAt(bytes, start) };
  const { count, firstOther, largest } = container;
  const other = firstOther && { index: firstOther.index, kind: kindAt(bytes, firstOther.offset) };
  return { kind: 'array', count, firstOther: other, largest };
}

/** A value that is one record. */
export function sentRecord(bytes: Buffer, { start, container }: ScannedValue): SentData {
  const firstOther = container?.isObject ? null : { index: 0, kind: kindAt(bytes, start) };
  return { kind: 'array', count: 1, firstOther, largest: container && { index: 0, values: container.values } };
}

/** How many values to count between two yields. */
const VALUES_OF_SLICE = 20_000;

/** A parsed value that must be an array of records, in slices. Of an element with more than `most` values, it finds only that it has more. */
export function* parsedArray(value: JsonValue, most: number): Generator<void, SentData> {
  if (!Array.isArray(value)) return { ...NO_DATA, kind: kindOf(value) };
  let firstOther: SentData['firstOther'] = null;
  let largest: SentData['largest'] = null;
  let counted = 0;
  for (const [index, element] of value.entries()) {
    const kind = kindOf(element);
    if (kind !== 'object') firstOther ??= { index, kind };
    const values = valuesIn(element, most + 1);
    if (values > (largest?.values ?? 0)) largest = { index, values };
    counted += values;
    if (counted < VALUES_OF_SLICE) continue;
    counted = 0;
    yield;
  }
  return { kind: 'array', count: value.length, firstOther, largest };
}

/** Counts values only up to a number. */
function valuesIn(value: JsonValue, most: number): number {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return 1;
  let values = 1;
  for (const below of Array.isArray(value) ? value : Object.values(value)) {
    if (values >= most) break;
    values += valuesIn(below, most - values);
  }
  return values;
}

/** The records of both, the second after the first. */
export function joinedData(one: SentData, other: SentData): SentData {
  const after = <T extends { readonly index: number }>(place: T | null) =>
    place && { ...place, index: place.index + one.count };
  const second = after(other.largest);
  const isLarger = second !== null && second.values > (one.largest?.values ?? 0);
  return {
    kind: 'array',
    count: one.count + other.count,
    firstOther: one.firstOther ?? after(other.firstOther),
    largest: isLarger ? second : one.largest,
  };
}

const KINDS = new Map([
  ['{', 'object'],
  ['[', 'array'],
  ['"', 'string'],
  ['t', 'boolean'],
  ['f', 'boolean'],
  ['n', 'null'],
]);

function kindAt(bytes: Buffer, offset: number): string {
  return KINDS.get(String.fromCharCode(bytes[offset] ?? 0)) ?? 'number';
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return value instanceof ExactNumber ? 'number' : typeof value;
}
