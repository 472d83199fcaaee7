import type { StoredScalar, StoredValue, StoredValues } from '../design/stored-value.js';
import type { PlainColumn, PlainLayout, PlainMember } from './plain-layout.js';
import { afterSpace, elementAfter, endOfArray, endOfScalar, instantAt, NOT_PLAIN, numberAt } from './plain-value.js';

/** A plain record has at most this many bytes. */
const RECORD_BYTES = 64 * 1024;
const FIRST_RECORDS = 256;
/** The start of a null value. A place that is not known yet has 0, where a record begins and no value does. */
export const ABSENT = -1;

const COMMA = 0x2c;
const COLON = 0x3a;
const LOWER_N = 0x6e;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const NULL_LENGTH = 4;

/** The plain records that were found in a payload, as the places of their values. */
export class PlainPayload {
  /** For each record and each column, the offsets of the start and of the end of its value. */
  places: Int32Array;
  #count = 0;

  constructor(
    readonly layout: PlainLayout,
    readonly bytes: Buffer,
  ) {
    this.places = new Int32Array(FIRST_RECORDS * this.#stride);
  }

  get #stride(): number {
    return 2 * this.layout.columns.length;
  }

  /** Where the places of the last record begin. */
  get last(): number {
    return (this.#count - 1) * this.#stride;
  }

  /**
   * Looks at the record at an offset of valid JSON. If it is plain, adds it and returns the offset after it; otherwise returns {@link NOT_PLAIN}. Pushed objects have no key twice; if one had, it
   * would not be plain.
   */
  scan(at: number): number {
    const from = this.#count * this.#stride;
    if (from + this.#stride > this.places.length) this.#grow();
    const end = this.#object(at, this.layout.members, from);
    if (end !== NOT_PLAIN && end - at <= RECORD_BYTES) {
      this.#count += 1;
      return end;
    }
    this.places.fill(0, from, from + this.#stride);
    return NOT_PLAIN;
  }

  /** Forgets the last record, whose values have been read. */
  forgetLast(): void {
    const from = this.last;
    this.places.fill(0, from, from + this.#stride);
    this.#count -= 1;
  }

  #grow(): void {
    const { places } = this;
    this.places = new Int32Array(2 * places.length);
    this.places.set(places);
  }

  #object(at: number, members: readonly PlainMember[], from: number): number {
    const { bytes } = this;
    if (bytes[at] !== OPENING_BRACE) return NOT_PLAIN;
    let next = at;
    for (let found = 0; found < members.length; found += 1) {
      if (found > 0 && bytes[next] !== COMMA) return NOT_PLAIN;
      next = afterSpace(bytes, next + 1);
      const member = this.#memberAt(next, members, found);
      if (!member) return NOT_PLAIN;
      next = afterSpace(bytes, next + member.key.length);
      if (bytes[next] !== COLON) return NOT_PLAIN;
      next = this.#value(afterSpace(bytes, next + 1), member, from);
      if (next === NOT_PLAIN) return NOT_PLAIN;
      next = afterSpace(bytes, next);
    }
    return bytes[next] === CLOSING_BRACE ? next + 1 : NOT_PLAIN;
  }

  /** Most records have their keys in the order of the sample. */
  #memberAt(at: number, members: readonly PlainMember[], expected: number): PlainMember | null {
    for (let tried = 0; tried < members.length; tried += 1) {
      const member = members[(expected + tried) % members.length];
      if (member && this.#hasKey(at, member.key)) return member;
    }
    return null;
  }

  #hasKey(at: number, key: Buffer): boolean {
    const { bytes } = this;
    for (let index = 0; index < key.length; index += 1) if (bytes[at + index] !== key[index]) return false;
    return true;
  }

  #value(at: number, { column: index, members }: PlainMember, from: number): number {
    const isNull = this.bytes[at] === LOWER_N;
    if (index === -1) {
      if (!isNull) return this.#object(at, members, from);
      return this.#allAbsent(members, from) ? at + NULL_LENGTH : NOT_PLAIN;
    }
    const column = this.layout.columns[index];
    const place = from + 2 * index;
    if (!column || this.places[place] !== 0) return NOT_PLAIN;
    if (isNull) {
      this.places[place] = ABSENT;
      return at + NULL_LENGTH;
    }
    const end = column.isArray ? endOfArray(this.bytes, at, column.type) : endOfScalar(this.bytes, at, column.type);
    this.places[place] = at;
    this.places[place + 1] = end;
    return end;
  }

  #allAbsent(members: readonly PlainMember[], from: number): boolean {
    for (const { column, members: below } of members) {
      if (column === -1) {
        if (!this.#allAbsent(below, from)) return false;
        continue;
      }
      if (this.places[from + 2 * column] !== 0) return false;
      this.places[from + 2 * column] = ABSENT;
    }
    return true;
  }
}

/** The row of a plain record. */
export interface PlainRow {
  readonly payload: PlainPayload;
  /** Where its places begin in those of the payload. */
  readonly at: number;
}

/** The values of a plain row, as a conversion of its record gives them. */
export function plainValues({ payload: { layout, bytes, places }, at }: PlainRow): StoredValues {
  const values: Record<string, StoredValue> = {};
  for (const [index, column] of layout.columns.entries()) {
    const start = places[at + 2 * index] ?? ABSENT;
    if (start !== ABSENT)
      values[column.storedKey] = plainValueAt(bytes, start, places[at + 2 * index + 1] ?? start, column);
  }
  return values;
}

/** The value of a column between two offsets. */
export function plainValueAt(bytes: Buffer, start: number, end: number, { type, isArray }: PlainColumn): StoredValue {
  if (!isArray) return scalarAt(bytes, start, end, type);
  const elements: StoredScalar[] = [];
  for (let next = elementAfter(bytes, start); next !== NOT_PLAIN; ) {
    const elementEnd = endOfScalar(bytes, next, type);
    elements.push(scalarAt(bytes, next, elementEnd, type));
    next = elementAfter(bytes, elementEnd);
  }
  return elements;
}

function scalarAt(bytes: Buffer, start: number, end: number, type: PlainColumn['type']): StoredScalar {
  if (type === 'TEXT') return bytes.toString('utf8', start + 1, end - 1);
  if (type === 'NUMERIC') return numberAt(bytes, start, end);
  if (type === 'DATETIME') return new Date(instantAt(bytes, start));
  return end - start === 4;
}
