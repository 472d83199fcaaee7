import type { PayloadForm } from '../job/job.js';
import { outlineOfKeptJson } from '../json/parse-json.js';
import { startOf } from '../json/text-place.js';
import { afterSpace, NOT_PLAIN } from './plain-value.js';

/** A longer record is not looked at here, since it may take longer than a turn. */
const OTHER_BYTES = 64 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const BACKSLASH = 0x5c;

/** Finds where the records of a payload begin. The payload was checked when it was accepted: it is valid, and every record is an object. */
export class RecordPlaces {
  private constructor(
    private readonly bytes: Buffer,
    private readonly first: number,
  ) {}

  /** In slices. Null if the payload has no records. */
  static *in(bytes: Buffer, form: PayloadForm): Generator<void, RecordPlaces | null> {
    const start = form === 'ENVELOPE' ? yield* startOfData(bytes) : startOf(bytes);
    if (start === null) return null;
    const at = afterSpace(bytes, start);
    const first = bytes[at] === OPENING_BRACKET ? afterSpace(bytes, at + 1) : at;
    return bytes[first] === OPENING_BRACE ? new RecordPlaces(bytes, first) : null;
  }

  /** The offset of the record that follows one which ends before this offset, or of the first; null after the last. */
  next(end: number | null): number | null {
    if (end === null) return this.first;
    const after = afterSpace(this.bytes, end);
    const next = this.bytes[after] === COMMA ? afterSpace(this.bytes, after + 1) : after;
    return this.bytes[next] === OPENING_BRACE ? next : null;
  }

  /** The offset after the record at an offset; {@link NOT_PLAIN} if it is long. */
  endOf(at: number): number {
    const { bytes } = this;
    const most = Math.min(bytes.length, at + OTHER_BYTES);
    let depth = 0;
    for (let next = at; next < most; next += 1) {
      const byte = bytes[next];
      if (byte === QUOTE) next = lastOfText(bytes, next, most);
      else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) depth += 1;
      else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) depth -= 1;
      if (depth === 0) return next + 1;
    }
    return NOT_PLAIN;
  }
}

function* startOfData(bytes: Buffer): Generator<void, number | null> {
  const { members } = yield* outlineOfKeptJson(bytes);
  return members.find(({ key }) => key === 'data')?.start ?? null;
}

/** The offset of the quote that ends a text. */
function lastOfText(bytes: Buffer, at: number, most: number): number {
  let next = at + 1;
  for (; next < most && bytes[next] !== QUOTE; next += 1) if (bytes[next] === BACKSLASH) next += 1;
  return next;
}
